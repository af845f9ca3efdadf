"""What mypy refuses: a call that is for another role. An `ignore` that is not needed is an error, too."""

from npswidgets.store.facilitator_store import FacilitatorStore
from npswidgets.store.helper_store import HelperStore
from npswidgets.store.participant_store import ParticipantStore
from npswidgets.store.projector_store import ProjectorStore


def asked_by_a_facilitator(store: FacilitatorStore) -> tuple[object, ...]:
    return (
        store.ask_to_talk,  # type: ignore[attr-defined]
        store.cast,  # type: ignore[attr-defined]
        store.change_department,  # type: ignore[attr-defined]
        store.come_back,  # type: ignore[attr-defined]
        store.leave,  # type: ignore[attr-defined]
        store.own_ballots,  # type: ignore[attr-defined]
        store.seen,  # type: ignore[attr-defined]
    )


def asked_by_a_participant(store: ParticipantStore) -> tuple[object, ...]:
    return (
        store.agree_together,  # type: ignore[attr-defined]
        store.booked,  # type: ignore[attr-defined]
        store.bring_people_back,  # type: ignore[attr-defined]
        store.close_door,  # type: ignore[attr-defined]
        store.count_on_paper,  # type: ignore[attr-defined]
        store.end_practice,  # type: ignore[attr-defined]
        store.enter_hands,  # type: ignore[attr-defined]
        store.enter_paper_vote,  # type: ignore[attr-defined]
        store.enter_sheet,  # type: ignore[attr-defined]
        store.finished,  # type: ignore[attr-defined]
        store.last_seen,  # type: ignore[attr-defined]
        store.let_more_in,  # type: ignore[attr-defined]
        store.move_topic,  # type: ignore[attr-defined]
        store.moving,  # type: ignore[attr-defined]
        store.movings,  # type: ignore[attr-defined]
        store.names,  # type: ignore[attr-defined]
        store.new_helper,  # type: ignore[attr-defined]
        store.paper_votes,  # type: ignore[attr-defined]
        store.put_back,  # type: ignore[attr-defined]
        store.reasons,  # type: ignore[attr-defined]
        store.record,  # type: ignore[attr-defined]
        store.renew_code,  # type: ignore[attr-defined]
        store.sheets,  # type: ignore[attr-defined]
        store.show_first_scores,  # type: ignore[attr-defined]
        store.show_votes,  # type: ignore[attr-defined]
        store.still_to_vote,  # type: ignore[attr-defined]
        store.take_people_out,  # type: ignore[attr-defined]
        store.times_that_count,  # type: ignore[attr-defined]
        store.vote_counts,  # type: ignore[attr-defined]
        store.votes_in,  # type: ignore[attr-defined]
        store.withdraw_helper,  # type: ignore[attr-defined]
        store.write_note,  # type: ignore[attr-defined]
    )


def asked_by_a_projector(store: ProjectorStore) -> tuple[object, ...]:
    return (
        store.agree_together,  # type: ignore[attr-defined]
        store.ask_to_talk,  # type: ignore[attr-defined]
        store.booked,  # type: ignore[attr-defined]
        store.bring_people_back,  # type: ignore[attr-defined]
        store.cast,  # type: ignore[attr-defined]
        store.change_department,  # type: ignore[attr-defined]
        store.close_door,  # type: ignore[attr-defined]
        store.come_back,  # type: ignore[attr-defined]
        store.count_on_paper,  # type: ignore[attr-defined]
        store.end_practice,  # type: ignore[attr-defined]
        store.enter_hands,  # type: ignore[attr-defined]
        store.enter_paper_vote,  # type: ignore[attr-defined]
        store.enter_sheet,  # type: ignore[attr-defined]
        store.last_seen,  # type: ignore[attr-defined]
        store.leave,  # type: ignore[attr-defined]
        store.let_more_in,  # type: ignore[attr-defined]
        store.move_topic,  # type: ignore[attr-defined]
        store.moving,  # type: ignore[attr-defined]
        store.movings,  # type: ignore[attr-defined]
        store.names,  # type: ignore[attr-defined]
        store.new_helper,  # type: ignore[attr-defined]
        store.own_ballots,  # type: ignore[attr-defined]
        store.paper_votes,  # type: ignore[attr-defined]
        store.put_back,  # type: ignore[attr-defined]
        store.reasons,  # type: ignore[attr-defined]
        store.record,  # type: ignore[attr-defined]
        store.renew_code,  # type: ignore[attr-defined]
        store.seen,  # type: ignore[attr-defined]
        store.sheets,  # type: ignore[attr-defined]
        store.show_first_scores,  # type: ignore[attr-defined]
        store.show_votes,  # type: ignore[attr-defined]
        store.still_to_vote,  # type: ignore[attr-defined]
        store.take_people_out,  # type: ignore[attr-defined]
        store.times_that_count,  # type: ignore[attr-defined]
        store.withdraw_helper,  # type: ignore[attr-defined]
        store.write_note,  # type: ignore[attr-defined]
    )


def asked_by_a_helper(store: HelperStore) -> tuple[object, ...]:
    return (
        store.agree_together,  # type: ignore[attr-defined]
        store.ask_to_talk,  # type: ignore[attr-defined]
        store.booked,  # type: ignore[attr-defined]
        store.bring_people_back,  # type: ignore[attr-defined]
        store.cast,  # type: ignore[attr-defined]
        store.change_department,  # type: ignore[attr-defined]
        store.close_door,  # type: ignore[attr-defined]
        store.come_back,  # type: ignore[attr-defined]
        store.end_practice,  # type: ignore[attr-defined]
        store.last_seen,  # type: ignore[attr-defined]
        store.leave,  # type: ignore[attr-defined]
        store.let_more_in,  # type: ignore[attr-defined]
        store.move_topic,  # type: ignore[attr-defined]
        store.moving,  # type: ignore[attr-defined]
        store.movings,  # type: ignore[attr-defined]
        store.names,  # type: ignore[attr-defined]
        store.new_helper,  # type: ignore[attr-defined]
        store.own_ballots,  # type: ignore[attr-defined]
        store.put_back,  # type: ignore[attr-defined]
        store.reasons,  # type: ignore[attr-defined]
        store.record,  # type: ignore[attr-defined]
        store.renew_code,  # type: ignore[attr-defined]
        store.seen,  # type: ignore[attr-defined]
        store.show_first_scores,  # type: ignore[attr-defined]
        store.show_votes,  # type: ignore[attr-defined]
        store.still_to_vote,  # type: ignore[attr-defined]
        store.take_people_out,  # type: ignore[attr-defined]
        store.times_that_count,  # type: ignore[attr-defined]
        store.withdraw_helper,  # type: ignore[attr-defined]
    )
