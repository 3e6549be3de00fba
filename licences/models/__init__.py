"""Products, licences and their coverages; assignments, and the visibility that follows from them."""

from licences.models.approaches import AccessCode, Approach
from licences.models.assignments import STATUSES, Assignment, Exclusion, Picked, Selection
from licences.models.imports import IMPORT_STATES, LINE_STATES, ImportBatch, ImportLine
from licences.models.leads import Lead
from licences.models.levels import LEVELS, SCOPES
from licences.models.ownership import PROGRAMMES, Coverage, CoverageTerm, Licence, Product
from licences.models.policies import AccessPolicy
from licences.models.requests import ANSWERS, AccessRequest
from licences.models.support import SupportAccess
from licences.models.transfers import TRANSFER_STATES, Transfer, TransferItem, TransferSnapshot
from licences.models.visibility import CustomerVisibility, Visibility

__all__ = [
    "ANSWERS",
    "IMPORT_STATES",
    "LEVELS",
    "LINE_STATES",
    "PROGRAMMES",
    "SCOPES",
    "STATUSES",
    "TRANSFER_STATES",
    "AccessCode",
    "AccessPolicy",
    "AccessRequest",
    "Approach",
    "Assignment",
    "Coverage",
    "CoverageTerm",
    "CustomerVisibility",
    "Exclusion",
    "ImportBatch",
    "ImportLine",
    "Lead",
    "Licence",
    "Picked",
    "Product",
    "Selection",
    "SupportAccess",
    "Transfer",
    "TransferItem",
    "TransferSnapshot",
    "Visibility",
]
