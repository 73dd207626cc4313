"""The one table: each (route, method), what it asks of a caller, and the event it leaves.

A route without an entry stops the start. `flask --app wsgi policy dump` prints the table.
"""

from app.core.access import Policy, Rule
from app.core.permissions import Permission as May

CREDENTIALS = "30/minute"
EXAM = "240/minute"
BOARD = "30/minute"
"""A board asks six times a minute, and a person looks at several."""
SEARCH = "60/minute"
REHEARSAL = "60/minute"

POLICY: Policy = {
    # core
    ("core.root", "GET"): Rule(None),
    ("core.health", "GET"): Rule(None, public=True),
    ("core.ready", "GET"): Rule(None, public=True),
    # accounts
    ("accounts.sign_up", "GET"): Rule(None),
    ("accounts.sign_up", "POST"): Rule(None, event="signed-up", budget=CREDENTIALS),
    ("accounts.sign_up_sent", "GET"): Rule(None),
    ("accounts.confirm", "GET"): Rule(None),
    ("accounts.confirm", "POST"): Rule(None, event="address-confirmed", budget=CREDENTIALS),
    ("accounts.sign_in", "GET"): Rule(None),
    ("accounts.sign_in", "POST"): Rule(None, event="signed-in", budget=CREDENTIALS),
    ("accounts.sign_out", "POST"): Rule(May.ACCOUNT_WRITE, event="signed-out", before_complete=True),
    ("accounts.second_factor", "GET"): Rule(May.ACCOUNT_READ, before_complete=True),
    ("accounts.second_factor", "POST"): Rule(
        May.ACCOUNT_WRITE, event="factor-given", before_complete=True, budget=CREDENTIALS
    ),
    ("accounts.set_up_factor", "GET"): Rule(May.ACCOUNT_READ, before_complete=True),
    ("accounts.set_up_factor", "POST"): Rule(
        May.ACCOUNT_WRITE, event="factor-set-up", before_complete=True, budget=CREDENTIALS
    ),
    ("accounts.remove_factor", "POST"): Rule(May.ACCOUNT_WRITE, event="factor-removed", budget=CREDENTIALS),
    ("accounts.ask_reset", "GET"): Rule(None),
    ("accounts.ask_reset", "POST"): Rule(None, event="reset-asked", budget=CREDENTIALS),
    ("accounts.reset", "GET"): Rule(None),
    ("accounts.reset", "POST"): Rule(None, event="password-reset", budget=CREDENTIALS),
    ("accounts.reauthenticate", "GET"): Rule(May.ACCOUNT_READ),
    ("accounts.reauthenticate", "POST"): Rule(May.ACCOUNT_WRITE, event="password-given", budget=CREDENTIALS),
    ("accounts.account", "GET"): Rule(May.ACCOUNT_READ),
    ("accounts.change_profile", "POST"): Rule(May.ACCOUNT_WRITE, event="profile-changed"),
    ("accounts.change_password", "POST"): Rule(
        May.ACCOUNT_WRITE, event="password-changed", budget=CREDENTIALS
    ),
    ("accounts.end_session", "POST"): Rule(May.ACCOUNT_WRITE, event="session-ended"),
    ("accounts.end_other_sessions", "POST"): Rule(May.ACCOUNT_WRITE, event="sessions-ended"),
    ("accounts.people", "GET"): Rule(May.PEOPLE_READ),
    ("accounts.person", "GET"): Rule(May.PEOPLE_READ),
    ("accounts.grant_role", "POST"): Rule(May.PEOPLE_WRITE, event="role-granted"),
    ("accounts.take_role", "POST"): Rule(May.PEOPLE_WRITE, event="role-taken"),
    ("accounts.disable", "POST"): Rule(May.PEOPLE_WRITE, event="account-disabled"),
    ("accounts.enable", "POST"): Rule(May.PEOPLE_WRITE, event="account-enabled"),
    # audit
    ("audit.record", "GET"): Rule(May.AUDIT_READ),
    # places
    ("places.search", "GET"): Rule(None, public=True, budget=SEARCH),
    # candidacy
    ("candidacy.home", "GET"): Rule(May.CANDIDACY_READ),
    ("candidacy.place", "GET"): Rule(May.CANDIDACY_READ, budget=SEARCH),
    ("candidacy.choose_place", "POST"): Rule(May.CANDIDACY_WRITE, event="place-chosen"),
    ("candidacy.requirements_page", "GET"): Rule(May.CANDIDACY_READ),
    ("candidacy.answer", "POST"): Rule(May.CANDIDACY_WRITE, event="requirements-answered"),
    # items
    ("items.bank", "GET"): Rule(May.BANK_READ, event="bank-read"),
    ("items.item", "GET"): Rule(May.BANK_READ, event="item-read"),
    # training
    ("training.course", "GET"): Rule(May.COURSE_READ),
    ("training.search", "GET"): Rule(May.COURSE_READ, budget=SEARCH),
    ("training.roles", "GET"): Rule(May.COURSE_READ),
    ("training.module", "GET"): Rule(May.COURSE_READ),
    ("training.case", "GET"): Rule(May.COURSE_READ),
    ("training.sheet", "GET"): Rule(May.COURSE_READ),
    ("training.file", "GET"): Rule(May.COURSE_READ),
    ("training.lesson", "GET"): Rule(May.COURSE_READ),
    ("training.glossary", "GET"): Rule(None, budget=SEARCH),
    ("training.sources", "GET"): Rule(None),
    ("training.check", "POST"): Rule(May.COURSE_WRITE, event="check-answered"),
    ("training.finish", "POST"): Rule(May.COURSE_WRITE, event="lesson-finished"),
    ("training.team", "GET"): Rule(May.TEAM_READ),
    ("training.invite", "POST"): Rule(May.TEAM_LEAD, event="member-invited"),
    ("training.cancel_invite", "POST"): Rule(May.TEAM_LEAD, event="invite-cancelled"),
    ("training.let_go", "POST"): Rule(May.TEAM_LEAD, event="member-let-go"),
    ("training.leave", "POST"): Rule(May.TEAM_WRITE, event="team-left"),
    ("training.join", "GET"): Rule(None),
    ("training.join_now", "POST"): Rule(May.TEAM_WRITE, event="team-joined", budget=CREDENTIALS),
    # exams: the candidate's side
    ("exams.entry", "GET"): Rule(May.ATTEMPT_READ),
    ("exams.start", "POST"): Rule(May.ATTEMPT_WRITE, event="attempt-started"),
    ("exams.attempt", "GET"): Rule(May.ATTEMPT_READ, budget=EXAM),
    ("exams.worker", "GET"): Rule(None, public=True),
    ("exams.answers", "POST"): Rule(May.ATTEMPT_WRITE, event="answer-saved", journal=True, budget=EXAM),
    ("exams.events", "POST"): Rule(May.ATTEMPT_WRITE, event="answer-saved", journal=True, budget=EXAM),
    ("exams.review", "GET"): Rule(May.ATTEMPT_READ, budget=EXAM),
    ("exams.finish", "POST"): Rule(May.ATTEMPT_WRITE, event="attempt-finished", budget=EXAM),
    ("exams.receipt", "GET"): Rule(May.ATTEMPT_READ),
    ("exams.receipts", "GET"): Rule(May.ATTEMPT_READ, budget=EXAM),
    ("exams.answer_file", "GET"): Rule(May.ATTEMPT_READ),
    ("exams.answer_file", "POST"): Rule(May.ATTEMPT_WRITE, event="answer-file-given", budget=CREDENTIALS),
    # exams: whether the school signed a receipt
    ("exams.receipt_check", "GET"): Rule(None, public=True, budget=SEARCH),
    # exams: practice, open to all
    ("exams.practices", "GET"): Rule(None),
    ("exams.practice", "GET"): Rule(None),
    ("exams.practice_item", "GET"): Rule(None),
    # exams: the rehearsal, open to all
    ("exams.rehearsal", "GET"): Rule(None),
    ("exams.echo", "POST"): Rule(None, keeps_nothing=True, budget=REHEARSAL),
    ("exams.rehearsal_start", "GET"): Rule(None, public=True),
    ("exams.rehearsal_worker", "GET"): Rule(None, public=True),
    ("exams.rehearsal_paper", "GET"): Rule(None, public=True),
    ("exams.rehearsal_answers", "POST"): Rule(None, keeps_nothing=True, budget=REHEARSAL),
    ("exams.rehearsal_events", "POST"): Rule(None, keeps_nothing=True),
    ("exams.rehearsal_finish", "POST"): Rule(None, keeps_nothing=True, budget=REHEARSAL),
    ("exams.rehearsal_end", "GET"): Rule(None, public=True),
    # exams: what authors look at
    ("exams.coverage_page", "GET"): Rule(May.BANK_READ),
    # exams: the organisers' side
    ("exams.papers", "GET"): Rule(May.SITTING_READ),
    ("exams.draw", "POST"): Rule(May.SITTING_WRITE, event="paper-drawn"),
    ("exams.paper", "GET"): Rule(May.SITTING_READ),
    ("exams.propose", "POST"): Rule(May.SITTING_WRITE, event="seal-proposed"),
    ("exams.seal", "POST"): Rule(May.SITTING_WRITE, event="paper-sealed"),
    ("exams.discard", "POST"): Rule(May.SITTING_WRITE, event="paper-discarded"),
    ("exams.custody", "GET"): Rule(May.SITTING_READ),
    ("exams.take_share", "POST"): Rule(May.SITTING_WRITE, event="paper-share-taken", budget=CREDENTIALS),
    ("exams.give_share", "POST"): Rule(May.SITTING_WRITE, event="paper-share-given", budget=CREDENTIALS),
    ("exams.sittings", "GET"): Rule(May.SITTING_READ),
    ("exams.new_sitting", "GET"): Rule(May.SITTING_READ),
    ("exams.new_sitting", "POST"): Rule(May.SITTING_WRITE, event="sitting-opened"),
    ("exams.sitting", "GET"): Rule(May.SITTING_READ),
    ("exams.board", "GET"): Rule(May.SITTING_READ, budget=BOARD),
    ("exams.attempt_record", "GET"): Rule(May.SITTING_READ),
    ("exams.incident_book", "GET"): Rule(May.SITTING_READ),
    ("exams.add_incident", "POST"): Rule(May.SITTING_WRITE, event="incident-noted"),
    ("exams.clock_alarms", "GET"): Rule(May.SITTING_READ),
    ("exams.end_clock_alarm", "POST"): Rule(May.SITTING_WRITE, event="clock-alarm-ended"),
    ("exams.decisions_page", "GET"): Rule(May.SITTING_READ),
    ("exams.decision", "GET"): Rule(May.SITTING_READ),
    ("exams.approve_decision", "POST"): Rule(May.SITTING_WRITE, event="decision-approved"),
    ("exams.withdraw_decision", "POST"): Rule(May.SITTING_WRITE, event="decision-withdrawn"),
    ("exams.sitting_time", "GET"): Rule(May.SITTING_READ),
    ("exams.sitting_time", "POST"): Rule(May.SITTING_WRITE, event="decision-proposed"),
    ("exams.extra_time", "GET"): Rule(May.SITTING_READ),
    ("exams.extra_time", "POST"): Rule(May.SITTING_WRITE, event="decision-proposed"),
    ("exams.late_answers_page", "GET"): Rule(May.SITTING_READ),
    ("exams.late_answers_page", "POST"): Rule(May.SITTING_WRITE, event="decision-proposed"),
    ("exams.accommodation_page", "GET"): Rule(May.SITTING_READ),
    ("exams.accommodation_page", "POST"): Rule(
        May.SITTING_WRITE, event="decision-proposed", budget=CREDENTIALS
    ),
    ("exams.sitting_files", "GET"): Rule(May.SITTING_READ),
    ("exams.sitting_files", "POST"): Rule(May.SITTING_WRITE, event="answer-file-brought", budget=CREDENTIALS),
    ("exams.sitting_file", "GET"): Rule(May.SITTING_READ),
    ("exams.sitting_file", "POST"): Rule(May.SITTING_WRITE, event="answer-file-proposed"),
    ("exams.sitting_seats", "GET"): Rule(May.SITTING_READ),
    ("exams.make_seats", "POST"): Rule(May.SITTING_WRITE, event="seats-made"),
    ("exams.print_seats", "POST"): Rule(May.SITTING_WRITE, event="paper-printed"),
    ("exams.seat", "GET"): Rule(May.SITTING_READ, event="seat-read"),
    ("exams.enter_seat", "POST"): Rule(May.SITTING_WRITE, event="seat-entered"),
    ("exams.cancel_sitting", "POST"): Rule(May.SITTING_WRITE, event="sitting-cancelled"),
    # marking
    ("marking.queue", "GET"): Rule(May.SCRIPT_READ),
    ("marking.next_script", "POST"): Rule(May.MARK_WRITE, event="script-taken"),
    ("marking.script", "GET"): Rule(May.SCRIPT_READ),
    ("marking.mark", "POST"): Rule(May.MARK_WRITE, event="script-marked"),
    ("marking.adjudication", "GET"): Rule(May.ADJUDICATION_READ),
    ("marking.third", "GET"): Rule(May.ADJUDICATION_READ),
    ("marking.settle", "POST"): Rule(May.ADJUDICATION_WRITE, event="script-adjudicated"),
    ("marking.examiners", "GET"): Rule(May.EXAMINERS_READ),
    ("marking.set_district", "POST"): Rule(May.EXAMINERS_WRITE, event="examiner-district-set"),
    # results
    ("results.mine", "GET"): Rule(May.RESULT_READ),
    ("results.result", "GET"): Rule(May.RESULT_READ),
    ("results.appeal", "POST"): Rule(May.RESULT_WRITE, event="appeal-filed"),
    ("results.releases", "GET"): Rule(May.RELEASE_READ),
    ("results.release", "GET"): Rule(May.RELEASE_READ),
    ("results.propose", "POST"): Rule(May.RELEASE_WRITE, event="release-proposed"),
    ("results.confirm", "POST"): Rule(May.RELEASE_WRITE, event="results-released"),
    ("results.appeals", "GET"): Rule(May.RELEASE_READ),
    ("results.appeal_case", "GET"): Rule(May.RELEASE_READ),
    ("results.answer_appeal", "POST"): Rule(May.RELEASE_WRITE, event="appeal-answered"),
    ("results.confirm_amendment", "POST"): Rule(May.RELEASE_WRITE, event="result-amended"),
    # certificates
    ("certificates.certificate", "GET"): Rule(May.CERTIFICATE_READ),
    ("certificates.pdf", "GET"): Rule(May.CERTIFICATE_READ),
    ("certificates.credential", "GET"): Rule(May.CERTIFICATE_READ),
    # publication: the candidate's side
    ("publication.mine", "GET"): Rule(May.CONSENT_READ),
    ("publication.preview", "GET"): Rule(May.CONSENT_READ),
    ("publication.publish", "POST"): Rule(May.CONSENT_WRITE, event="consent-given"),
    ("publication.withdraw", "POST"): Rule(May.CONSENT_WRITE, event="consent-withdrawn"),
    # publication: the commission's lists
    ("publication.listings", "GET"): Rule(May.LISTING_READ),
    ("publication.import_list", "POST"): Rule(May.LISTING_WRITE, event="list-imported"),
    ("publication.tie", "POST"): Rule(May.LISTING_WRITE, event="listed-candidate-tied"),
    # publication: the voters' side, without cookies
    ("publication.start", "GET"): Rule(None),
    ("publication.about", "GET"): Rule(None, public=True),
    ("publication.regions", "GET"): Rule(None, public=True),
    ("publication.place", "GET"): Rule(None, public=True),
    ("publication.candidate", "GET"): Rule(None, public=True),
    ("publication.published_pdf", "GET"): Rule(None, public=True),
    ("publication.check", "GET"): Rule(None, public=True, budget=CREDENTIALS),
    ("publication.short_check", "GET"): Rule(None, public=True, budget=CREDENTIALS),
}
