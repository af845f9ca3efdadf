"""A participant's department or role, which can be changed."""

import traitlets

from npswidgets.widgets.base import Widget

NO_DEPARTMENT = "Other, or prefer not to say"


class DepartmentField(Widget, files="department_field"):
    """The department that was chosen, and a choice that opens in place. Nothing is drawn without departments.

    Attributes:
        choices: the departments of the workshop and `NO_DEPARTMENT`. Written by Python.
        chosen: one of them. Written by Python.
    """

    choices = traitlets.List(traitlets.Unicode()).tag(sync=True)
    chosen = traitlets.Unicode().tag(sync=True)
