"""An early referral to the Ombudsman: after stage 2, with both sides' agreement, told to the holder."""

from intake.procedures.moves import OpenNextStage, Record, Respond
from intake.procedures.permitted import offered
from intake.procedures.workflow import needs_signpost

from .conftest import after, day, due, refusal

D = day


def test_both_sides_agree_after_stage_2_and_it_is_written_down(receive):
    childs = receive("children-statutory", "2026-04-01T09:00")
    at_stage_2 = after(childs, Respond(D("2026-04-16"), "not-upheld"), OpenNextStage(D("2026-05-01")))
    agreed = Record(
        D("2026-06-05"), "early-referral-agreed", reason="Ms Whitlam and the director agreed on 4 June."
    )
    assert "comes after “Stage 2 answered (adjudication)”" in refusal(at_stage_2, agreed)
    answered = after(at_stage_2, Respond(D("2026-06-02"), "upheld"))
    assert "Say what was agreed" in refusal(answered, Record(D("2026-06-05"), "early-referral-agreed"))
    assert needs_signpost(answered, agreed)
    referred = after(answered, agreed)
    assert due(referred) == due(answered)
    assert "recorded on Friday 5 June 2026 already" in refusal(referred, agreed)
    later = after(answered, OpenNextStage(D("2026-06-05")))
    assert "belongs to an earlier stage" in refusal(later, agreed)
    (offer,) = [one for one in offered(answered, D("2026-06-05")) if one.subject == "early-referral-agreed"]
    assert ([field.name for field in offer.fields], offer.signposts) == (["happened", "reason"], True)
