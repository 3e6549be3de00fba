"""Reading licences out of files that other systems wrote: bytes in, parsed lines out, nothing stored."""
