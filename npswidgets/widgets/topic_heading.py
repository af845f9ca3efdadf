"""Where we are: the top of every page."""

import traitlets

from npswidgets.widgets.base import Widget


class TopicHeading(Widget, files="topic_heading"):
    """Place, title, description and state of what the room is on. All traits are written by Python.

    Attributes:
        place: a small line above the title, such as "Topic 2 · Engaging Councillors".
        title: the heading of the page.
        named: whether that is a name, such as a topic's, which no browser is to translate.
        description: what the topic is about.
        status: a second heading, such as "The votes are shown".
        note: a word to one person, such as to somebody who came late.
        quote: what somebody wrote, on the wall: it lies over title and note, and is as large as fits there.
        corner: address and code, at the top right of the wall.
        page: what the page is called; empty to leave that as it is.
        moment: another one in each new state: the page then goes to its top, and the keyboard to the title.
    """

    place = traitlets.Unicode().tag(sync=True)
    title = traitlets.Unicode().tag(sync=True)
    named = traitlets.Bool().tag(sync=True)
    description = traitlets.Unicode().tag(sync=True)
    status = traitlets.Unicode().tag(sync=True)
    note = traitlets.Unicode().tag(sync=True)
    quote = traitlets.Unicode().tag(sync=True)
    corner = traitlets.Unicode().tag(sync=True)
    page = traitlets.Unicode().tag(sync=True)
    moment = traitlets.Unicode().tag(sync=True)
