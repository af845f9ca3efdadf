"""Where the room is, what to say, and what comes next."""

import traitlets

from npswidgets.widgets.base import Widget


class NowPanel(Widget, files="now_panel"):
    """The facilitator's right-hand column. Its main button keeps its place. All traits are written by Python.

    Attributes:
        moment: what the buttons mean now; a click says for which moment it was made.
        word: the state, such as "Votes shown".
        clock: {"label": "talk", "since": time as ISO 8601, "elapsed": seconds since then by the server's clock, as of
            drawing}; empty for none.
        count: {"in": 12, "of": 18, "words": "12 of 18 votes in"} while people vote; else empty.
        people: {"words": "18 in the room", "lines": ["15 on phones, 3 on paper"], "enter": label of the button that
            opens the entry of paper votes, "fewer": whether anybody is on paper, "unseen": such as "1 phone not seen
            for 12 minutes", "gone": how many phones these are}; empty where it does not matter.
        verdict: in words, after the votes are shown.
        lines: what to know and to say, one paragraph each.
        starting: the suggested level, then why, then what it is; empty for none.
        starting_title: what the suggested level is called.
        reasons: {"title": "4 reasons", "hint", "code", "rows": [{"answer", "text", "shown": on the big screen,
            "session": title of another one in which it was given, if it was}]}; empty for none.
        time: {"title": "35 minutes left: 4 of 6 topics fit", "lines": what fits, "unfolded": unless
            somebody closed it}; empty where no time is booked.
        figures: the figures, then what they mean; empty for none.
        unfolded: whether the suggested level is open unless somebody closed it.
        levels: {"title", "rows": levels with their statements} to read in full; empty for none.
        why: why the topic is important; empty for nothing.
        main: {"action", "label"} of the main button; empty for none.
        others: the same of the other buttons.
        problem: why the last click did nothing.
        announce: for a screen reader, when it changes.
    """

    moment = traitlets.Unicode().tag(sync=True)
    word = traitlets.Unicode().tag(sync=True)
    clock = traitlets.Dict().tag(sync=True)
    count = traitlets.Dict().tag(sync=True)
    people = traitlets.Dict().tag(sync=True)
    verdict = traitlets.Unicode().tag(sync=True)
    lines = traitlets.List(traitlets.Unicode()).tag(sync=True)
    starting = traitlets.List(traitlets.Unicode()).tag(sync=True)
    starting_title = traitlets.Unicode().tag(sync=True)
    reasons = traitlets.Dict().tag(sync=True)
    time = traitlets.Dict().tag(sync=True)
    figures = traitlets.List(traitlets.Unicode()).tag(sync=True)
    unfolded = traitlets.Bool(False).tag(sync=True)
    levels = traitlets.Dict().tag(sync=True)
    why = traitlets.Unicode().tag(sync=True)
    main = traitlets.Dict().tag(sync=True)
    others = traitlets.List(traitlets.Dict()).tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)
    announce = traitlets.Unicode().tag(sync=True)
