"""How a page reads what its browser says: each kind of message is a frozen dataclass, and each page has a list of them.

Anybody can forge a message, so each is read strictly; whether it may be done, the store says.
"""

import json
from collections.abc import Callable
from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter, ValidationError

from npswidgets.domain.text import cleaned, without_halves
from npswidgets.errors import RuleBroken
from npswidgets.widgets.message_limits import UNREADABLE

Typed: TypeAlias = Annotated[str, AfterValidator(cleaned)]
"""What a person types, as it will be stored, so that what is compared with a saved text is like one."""


def reader(messages: Any) -> Callable[[dict[str, Any]], Any]:
    """A function that gives a browser's message as one of these dataclasses, and raises RuleBroken for any other.

    Args:
        messages: a union of them; each has a field `kind` with its name on the wire.
    """
    adapter: TypeAdapter[Any] = TypeAdapter(
        Annotated[messages, Field(discriminator="kind")], config=ConfigDict(strict=True)
    )

    def read(content: dict[str, Any]) -> Any:
        try:
            return adapter.validate_json(without_halves(json.dumps(content, ensure_ascii=False)))
        except (ValidationError, TypeError) as error:
            raise RuleBroken(UNREADABLE) from error

    return read
