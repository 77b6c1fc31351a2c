"""What follows what: the whole operation of the payer's wing on one page.

Left, what happened; right, what is done about it, in this order. Nothing else in OpenUM decides what comes next.
"""

from __future__ import annotations

from openum.payer.flow import lapsing, letters, steps
from openum.records.ledger.queue import Route

ROUTE: Route = {
    # A request came in by some door: is it needed, twice, already granted, covered?
    "RequestSubmitted": (steps.triage,),
    # Documents came with it: their text is read, so that it can be searched and quoted.
    "DocumentsReceived": (steps.read_documents,),
    # Nothing is needed, or it is already authorized: the line is closed, in the member's favor.
    "NothingNeeded": (steps.close_unneeded,),
    # Triage found something only a person can settle; the line is in that person's lane.
    "PersonNeeded": (),
    # The policy in force is run over what is known.
    "CriteriaNeeded": (steps.run_criteria,),
    # Every criterion answered yes: the one decision about need that software makes.
    "LinesMet": (steps.approve,),
    # Something is not known: ask for exactly that, and let a nurse watch the clock.
    "LinesUnknown": (steps.ask,),
    # A criterion is not met: to a clinician. Software never decides against a request.
    "LinesNotMet": (steps.assign_clinician,),
    # A question was put to the provider: the letter goes out.
    "InformationRequested": (letters.send_request_for_information,),
    # Something was decided in the member's favor: what was granted gets a number.
    "DeterminationMade": (steps.authorize,),
    # Nothing was needed: the sender is told at the door, and the clock stops with that answer.
    "NoAuthorizationRequired": (letters.tell_sender,),
    # A number was issued: the approval letter goes out, and the clock stops with it.
    "AuthorizationIssued": (letters.send_approval,),
    # A clinician (or, for a benefit, a named person) decided against: the letter with rights and reasons goes out.
    "AdverseDeterminationMade": (letters.send_adverse_determination,),
    # Notice was given: what the law measures has happened.
    "NoticeSent": (),
    # A person took more time, as the law allows: the member is told before the first end, or the extension falls.
    "ClockExtended": (letters.send_extension,),
    # A clock ran out: what the law makes of the silence is written down and set going. Nothing is decided.
    "ClockMissed": (lapsing.settle_missed,),
    # The law approved what nobody decided in time; the determination that says so has its own line above.
    "ApprovedByLaw": (),
    # The law treats the silence as a denial: a record of its own, notice that day, the appeal window open. The decision
    # is still owed.
    "AdverseByOperationOfLaw": (letters.send_adverse_by_law,),
    # The case must go to the independent review entity: a person forwards it, with a clock running.
    "ForwardDue": (),
    # The law draws no consequence but that it was late.
    "LapseRecorded": (),
    # A person did what a lapse asked for.
    "LapseSettled": (),
}
