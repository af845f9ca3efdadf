"""A participant's department or role, which can be changed."""

from collections.abc import Callable
from typing import Any

import traitlets

from npswidgets.errors import WorkshopError
from npswidgets.widgets.base import Widget

NO_DEPARTMENT = "Other, or prefer not to say"


class DepartmentField(Widget, files="department_field"):
    """The department that was chosen, and a choice that opens in place. Nothing is drawn without departments.

    Attributes:
        choices: the departments of the workshop and `NO_DEPARTMENT`. Written by Python.
        chosen: one of them. Written by Python.
        on_change: called with the department that the person chose, None for `NO_DEPARTMENT`.
    """

    choices = traitlets.List(traitlets.Unicode()).tag(sync=True)
    chosen = traitlets.Unicode().tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self.on_change: Callable[[str | None], None] = lambda _: None

    def receive(self, message: dict[str, Any]) -> None:
        """Takes {"kind": "department", "department": one of the choices}."""
        department = message.get("department")
        if message.get("kind") != "department" or department not in self.choices:
            raise WorkshopError("Select your department or role")
        self.on_change(None if department == NO_DEPARTMENT else department)
