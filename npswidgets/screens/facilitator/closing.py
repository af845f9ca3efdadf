"""The end of a workshop at a facilitator's desk: topics for action, actions, corrections, signing off."""

from dataclasses import dataclass, replace

from npswidgets.domain.events import (
    ActionAgreed,
    ActionChanged,
    ActionDropped,
    DraftPromised,
    ScoreRecorded,
    TargetSet,
    Words,
    WorkshopReopened,
    WorkshopSealed,
)
from npswidgets.domain.workshop import Action, Topic, Workshop
from npswidgets.errors import RuleBroken
from npswidgets.screens import words
from npswidgets.screens.facilitator.closing_messages import (
    ActionField,
    ActionSettled,
    ActionTakenOut,
    ActionTyped,
    ClosingMessage,
    CorrectionSettled,
    DraftDated,
    Reopened,
    ScoreCorrected,
    SignedOff,
    TopicChosen,
)
from npswidgets.screens.facilitator.view_state import Draft, mark_of, mark_of_draft, say_score
from npswidgets.store.facilitator_store import FacilitatorStore

MOST_TOPICS = 5
"""So many topics are chosen for action; more would not be done."""


@dataclass(frozen=True)
class ActionClash:
    """Another facilitator changed this field of an action while this one typed another text, which is not saved."""

    typed: ActionTyped
    theirs: str


@dataclass(frozen=True)
class CorrectionClash:
    """The same of a text about a score."""

    typed: ScoreCorrected
    theirs: str


class Closing:
    """Saves what is agreed at the end, and never over something that its writer has not seen.

    Attributes:
        clash: what to settle with another facilitator.
    """

    def __init__(self, store: FacilitatorStore) -> None:
        self.clash: ActionClash | CorrectionClash | None = None
        self._store = store
        self._written: dict[tuple[str, ActionField], str] = {}
        self._marks: dict[str, str] = {}
        self._texts: dict[tuple[str, str], str] = {}

    def handle(self, message: ClosingMessage) -> None:
        """Does what the browser asks for.

        Raises:
            RuleBroken, StoreFault: it is not done, with the reason in words.
        """
        self._store.refresh()
        match message:
            case TopicChosen():
                self._choose(message)
            case ActionTyped():
                self._write(message)
            case ActionSettled():
                self._settle(message)
            case ActionTakenOut():
                self._take_out(message)
            case DraftDated():
                self._store.record(DraftPromised(message.session, message.by or None))
            case ScoreCorrected():
                self._correct(message)
            case CorrectionSettled():
                self._settle_correction(message)
            case SignedOff():
                self._sign_off(message.role.strip())
            case Reopened():
                self._store.record(WorkshopReopened(Words(message.reason.strip())))

    def _choose(self, message: TopicChosen) -> None:
        workshop, topic = self._store.workshop, self._topic(message.code)
        name, called = words.topic_name(workshop, topic.code), workshop.rubric.words
        if message.chosen == is_chosen(topic):
            return
        if message.chosen and len(chosen_topics(workshop, topic.session)) >= MOST_TOPICS:
            raise RuleBroken(f"{MOST_TOPICS} {called.topic.many} are chosen. Take one out first.")
        if message.chosen and next_level(workshop, topic) is None:
            highest = workshop.rubric.scale.highest
            instead = f"Choose {called.topic.a} with a score below {highest}."
            raise RuleBroken(f"{name} has no next {called.level.one}. {instead}")
        if topic.actions:
            raise RuleBroken(f"Take out the actions of {name} first.")
        self._store.record(
            TargetSet(topic.session, topic.code, next_level(workshop, topic) if message.chosen else None)
        )

    def _write(self, typed: ActionTyped) -> None:
        topic = self._topic(typed.code)
        action = topic.actions.get(typed.action)
        saved = field_of(action, typed.field)
        if saved == typed.text:
            return
        if action is None and (typed.seen or typed.field != "what"):
            raise RuleBroken("The other screen took this action out. What you typed into it is not saved.")
        if saved not in (typed.seen, self._written.get((typed.action, typed.field))):
            self.clash = ActionClash(typed, saved)
            return
        self._save(typed)

    def _save(self, typed: ActionTyped) -> None:
        topic = self._topic(typed.code)
        action = topic.actions.get(typed.action)
        now = {name: field_of(action, name) for name in FIELDS} | {typed.field: typed.text}
        if action is None:
            now["done_when"] = now["done_when"] or done_when(self._store.workshop, topic)
        self._store.record(
            (ActionChanged if action else ActionAgreed)(
                topic.session,
                topic.code,
                typed.action,
                Words(now["what"]),
                Words(now["owner"]),
                now["due"] or None,
                Words(now["done_when"]) if now["done_when"] else None,
            )
        )
        self._written[typed.action, typed.field] = typed.text

    def _settle(self, settled: ActionSettled) -> None:
        clash = self.clash
        if not isinstance(clash, ActionClash):
            return
        typed = clash.typed
        if (typed.action, typed.field) != (settled.action, settled.field):
            return
        saved = field_of(self._topic(typed.code).actions.get(typed.action), typed.field)
        if settled.keep == "mine" and saved not in (clash.theirs, typed.text):
            self.clash = ActionClash(typed, saved)  # they went on writing: these words were not shown yet
            return
        if settled.keep == "mine":
            self._save(typed)
        self.clash = None
        self._written[typed.action, typed.field] = typed.text if settled.keep == "mine" else saved

    def _take_out(self, message: ActionTakenOut) -> None:
        topic = self._topic(message.code)
        action = topic.actions.get(message.action)
        if action and message.seen != "\n".join(field_of(action, name) for name in FIELDS):
            raise RuleBroken("The other screen has changed this action since. Read it, then take it out.")
        self._store.record(ActionDropped(topic.session, message.code, message.action))

    def overwritten(self) -> dict[str, str]:
        """What was saved here of actions and was changed by another facilitator since, by action and field."""
        actions = {id_: one for topic in self._store.workshop.topics.values() for id_, one in topic.actions.items()}
        return {
            f"{action}/{name}": text
            for (action, name), text in self._written.items()
            if action in actions and text not in ("", field_of(actions[action], name))
        }

    def seen(self) -> None:
        """The facilitator turns elsewhere: what another one changed was told."""
        self._written.clear()

    def _correct(self, message: ScoreCorrected) -> None:
        """Saves a score unless another facilitator saved a different one since the list was drawn.

        What was saved here itself is no change of another: somebody types on before the page hears that it is saved.
        """
        topic = self._topic(message.code)
        why_not = None if message.score is not None else Words(message.not_applicable.strip())
        reason = Words(message.reason.strip()) if message.score is not None and message.reason.strip() else None
        case_study = message.case_study and message.score == self._store.workshop.rubric.case_study
        wanted = ScoreRecorded(topic.session, topic.code, message.score, why_not, reason, case_study=case_study)
        if topic.score and mark_of(topic.score) == _mark_of(wanted):
            return
        choice = (topic.score.value, topic.score.case_study) if topic.score else None
        by_text_alone = message.text and choice == (message.score, case_study)  # which clashes, below
        known = message.seen, self._marks.get(topic.code)
        if topic.score and not by_text_alone and mark_of(topic.score) not in known:
            raise RuleBroken(f"The other screen saved {say_score(topic.score)}. Look at it, then choose again.")
        theirs = _text_of(topic, message.text) if message.text else message.made_from
        if theirs not in (message.made_from, self._texts.get((topic.code, message.text))):
            self.clash = CorrectionClash(message, theirs)
            return
        self._store.record(wanted)
        self._marks[topic.code] = _mark_of(wanted)
        if message.text:
            self._texts[topic.code, message.text] = _text_of(self._topic(topic.code), message.text)

    def _settle_correction(self, settled: CorrectionSettled) -> None:
        clash = self.clash
        if not isinstance(clash, CorrectionClash):
            return
        if (clash.typed.code, clash.typed.text) != (settled.code, settled.text):
            return
        self.clash = None
        if settled.keep == "mine":
            self._correct(replace(clash.typed, made_from=clash.theirs))  # words that were not shown yet clash again

    def _sign_off(self, role: str) -> None:
        if not role:
            raise RuleBroken("Write which role signs off, such as Head of service.")
        self._store.record(WorkshopSealed(self._store.workshop.version + 1, Words(role)))

    def _topic(self, code: str) -> Topic:
        if code not in self._store.workshop.topics:
            raise RuleBroken(f"No session of this workshop scores {code!r}.")
        return self._store.workshop.topics[code]


def _mark_of(event: ScoreRecorded) -> str:
    if event.score is None:
        return mark_of_draft(None, str(event.not_applicable or ""))
    return mark_of_draft(Draft(event.score, str(event.reason_above or ""), event.case_study), "")


def _text_of(topic: Topic, text: str) -> str:
    """What is saved of a text about a topic's score."""
    saved = (topic.score.reason_above if text == "reason" else topic.score.not_applicable) if topic.score else None
    return str(saved or "")


FIELDS: tuple[ActionField, ...] = ("what", "owner", "due", "done_when")


def field_of(action: Action | None, name: ActionField) -> str:
    """A field of an action as the browser shows it; empty for none."""
    value = getattr(action, name) if action else None
    return str(value) if value else ""


def next_level(workshop: Workshop, topic: Topic) -> int | None:
    """The level after the agreed score; None without one, and after the highest."""
    return workshop.rubric.scale.above(topic.agreed_level)


def done_when(workshop: Workshop, topic: Topic) -> str:
    """How one will know that the council has reached the target: the statements of that level, a line each."""
    level = next_level(workshop, topic) if topic.target is None else topic.target
    return "\n".join(workshop.rubric.value_codes[topic.code].levels[level]) if level is not None else ""


def is_chosen(topic: Topic) -> bool:
    """Whether something is to be done about a topic."""
    return topic.target is not None or bool(topic.actions)


def chosen_topics(workshop: Workshop, session: str) -> list[Topic]:
    """The topics of a session that are chosen for action, in the order of the agenda."""
    return [topic for topic in workshop.topics_of(session) if is_chosen(topic)]
