"""The interface app: no models, only the means to show things."""

from django.apps import AppConfig


class InterfaceConfig(AppConfig):
    name = "interface"

    def ready(self) -> None:
        from django.forms import CharField, TextInput

        from interface.text import shows_plainly, typed_on_one_line

        # Every text of every form passes here, those of the sign-in included.
        if shows_plainly not in CharField.default_validators:
            CharField.default_validators = [*CharField.default_validators, shows_plainly]
        TextInput.value_from_datadict = typed_on_one_line  # type: ignore[method-assign, assignment]
