"""What the tests of the ledger share."""

from datetime import date

from campaigns.establishment import domain

TODAY = date(2026, 3, 20)
VALID = {"issued_on": date(2026, 1, 5), "expires_on": date(2036, 12, 31)}
WHY = {"reason_code": "county_decision", "reason": "县编委决定", "document": "编〔2026〕9号"}
LEFT = {"reason_code": "retired", "reason": "退休", "document": "离职1号"}


def register(office, unit, authorised, on_board, **more):
    return domain.register_unit_posts(
        actor=office, unit=unit, authorised=authorised, on_board=on_board, recorded_on=TODAY, document="编2号", **more
    )


def permit(office, unit, slots, number="核编1号", **more):
    return domain.issue_permit(actor=office, number=number, unit=unit, slots=slots, **{**VALID, **more})


def reserve(office, unit, count, document="公告1号", **more):
    return domain.reserve_posts(actor=office, unit=unit, count=count, on=TODAY, document=document, **more)


def hire(office, post, number="L1"):
    domain.hold_post(actor=office, post=post, document="公示")
    return domain.use_post(actor=office, post=post, ledger_number=number, document="批复")
