"""Names of the PAS 2.2.1 guide: extension URLs, X12 systems, profiles. ``https`` and ``http`` X12 URIs both occur."""

from __future__ import annotations

PAS = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/"
R5_ENCOUNTER = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Claim.encounter"
TEMP_CODES = "http://hl7.org/fhir/us/davinci-pas/CodeSystem/PASTempCodes"

ADMISSION_DATES = f"{PAS}extension-admissionDates"
ADMINISTRATION_REFERENCE_NUMBER = f"{PAS}extension-administrationReferenceNumber"
AUTHORIZATION_NUMBER = f"{PAS}extension-authorizationNumber"
CERTIFICATION_EFFECTIVE = f"{PAS}extension-itemCertificationEffectiveDate"
CERTIFICATION_EXPIRATION = f"{PAS}extension-itemCertificationExpirationDate"
CERTIFICATION_ISSUE = f"{PAS}extension-itemCertificationIssueDate"
CERTIFICATION_TYPE = f"{PAS}extension-certificationType"
CLAIM_RESPONSE_REVIEWER = f"{PAS}extension-claimResponseReviewer"
CODE_END = f"{PAS}extension-productOrServiceCodeEnd"
AUTHORIZED_PROVIDER_TYPE = f"{PAS}extension-authorizedProviderType"
CARE_TEAM_SCOPE = f"{PAS}extension-careTeamClaimScope"
DIAGNOSIS_RECORDED = f"{PAS}extension-diagnosisRecordedDate"
ERROR_ELEMENT = f"{PAS}extension-errorElement"
ERROR_FOLLOWUP = f"{PAS}extension-errorFollowupAction"
ERROR_PATH = f"{PAS}extension-errorPath"
INFO_CANCELLED = f"{PAS}modifierextension-infoCancelled"
INFO_CHANGED = f"{PAS}extension-infoChanged"
ITEM_AUTHORIZED_PROVIDER = f"{PAS}extension-itemAuthorizedProvider"
ITEM_PRE_AUTH_ISSUE_DATE = f"{PAS}extension-itemPreAuthIssueDate"
ITEM_PRE_AUTH_PERIOD = f"{PAS}extension-itemPreAuthPeriod"
ITEM_REQUESTED_SERVICE_DATE = f"{PAS}extension-itemRequestedServiceDate"
ITEM_TRACE_NUMBER = f"{PAS}extension-itemTraceNumber"
LEVEL_OF_SERVICE = f"{PAS}extension-levelOfServiceCode"
REQUESTED_SERVICE = f"{PAS}extension-requestedService"
REQUEST_TYPE = f"{PAS}extension-serviceItemRequestType"
REVIEW_ACTION = f"{PAS}extension-reviewAction"
REVIEW_ACTION_CODE = f"{PAS}extension-reviewActionCode"
TRANSMISSION = f"{PAS}extension-TransmissionIdentifiers"

PLACE_OF_SERVICE = "https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set"
ADMISSION_PRIORITY = "https://www.nubc.org/CodeSystem/PriorityTypeOfAdmitOrVisit"
ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"


def x12(element: str) -> tuple[str, str]:
    """Both spellings of the URI of an X12 005010 code list, the published one first."""
    return (f"https://codesystem.x12.org/005010/{element}", f"http://codesystem.x12.org/005010/{element}")


ENTITY = x12("98")
QUANTITY_UNITS = x12("673")
UNIT_BASIS = x12("355")
FOLLOW_UP = x12("889")
REASON = x12("886")
REJECT_REASON = x12("901")
REVIEW_ACTION_CODES = x12("306")
CERTIFICATION_TYPES = x12("1322")
LEVELS_OF_SERVICE = x12("1338")
SERVICE_TYPES = x12("1365")
REQUEST_TYPES = x12("1525")
