"""One command for the whole product: PostgreSQL, Valkey and a mail sink from wheels, and what runs on them."""
