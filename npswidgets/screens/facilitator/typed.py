"""What a person types, as it reaches Python."""

from typing import Annotated, TypeAlias

from pydantic import AfterValidator

from npswidgets.domain.text import cleaned

Typed: TypeAlias = Annotated[str, AfterValidator(cleaned)]
"""A text as it will be stored, so that what is compared with a saved text is like one."""
