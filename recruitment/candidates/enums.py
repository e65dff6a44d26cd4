from django.db import models
from django.utils.translation import gettext_lazy as _


class Sex(models.TextChoices):
    FEMALE = "female", _("Female")
    MALE = "male", _("Male")


class EducationLevel(models.TextChoices):
    SECONDARY = "secondary", _("Senior secondary or vocational school")
    COLLEGE = "college", _("Junior college")
    BACHELOR = "bachelor", _("Undergraduate")
    MASTER = "master", _("Postgraduate (master)")
    DOCTOR = "doctor", _("Postgraduate (doctor)")


class StudyKind(models.TextChoices):
    REGULAR = "regular", _("Regular institution")
    ADULT = "adult", _("Adult education")
    SELF_TAUGHT = "self_taught", _("Self-taught examination")
    OPEN = "open", _("Open or network university")
    OVERSEAS = "overseas", _("Overseas, certified")


class TitleLevel(models.TextChoices):
    JUNIOR = "junior", _("Junior title")
    INTERMEDIATE = "intermediate", _("Intermediate title")
    ASSOCIATE = "associate", _("Associate senior title")
    SENIOR = "senior", _("Senior title")


class Degree(models.TextChoices):
    NONE = "none", _("No degree")
    BACHELOR = "bachelor", _("Bachelor")
    MASTER = "master", _("Master")
    DOCTOR = "doctor", _("Doctor")


class PoliticalStatus(models.TextChoices):
    PARTY_MEMBER = "party_member", _("Member of the Communist Party")
    PROBATIONARY = "probationary", _("Probationary Party member")
    LEAGUE_MEMBER = "league_member", _("Member of the Youth League")
    DEMOCRATIC = "democratic", _("Member of a democratic party")
    NONE = "none", _("No affiliation")


class GraduateKind(models.TextChoices):
    FINAL_YEAR = "final_year", _("Graduating this year")
    UNPLACED = "unplaced", _("Graduated within two years, never employed")
    EMPLOYED = "employed", _("Employed")
    UNEMPLOYED = "unemployed", _("Not employed at present")
    GRASSROOTS = "grassroots", _("Serving in a grassroots programme")


class EmploymentKind(models.TextChoices):
    ESTABLISHED = "established", _("On an established post of a public institution")
    CIVIL_SERVANT = "civil_servant", _("Civil servant")
    CONTRACT = "contract", _("Public body, without an established post")
    COMPANY = "company", _("Company or other employer")
    INTERNSHIP = "internship", _("Internship")


class ServiceProject(models.TextChoices):
    NONE = "", _("None")
    THREE_SUPPORTS = "three_supports", _("Three Supports and One Assistance")
    WEST = "west", _("Western China Plan")
    SPECIAL_TEACHER = "special_teacher", _("Special-post teacher")
    VILLAGE_OFFICIAL = "village_official", _("University graduate serving as village official")
    VETERAN = "veteran", _("University graduate discharged from the army")


class Relation(models.TextChoices):
    """The relations that call for recusal (R15)."""

    SPOUSE = "spouse", _("Spouse")
    LINEAL = "lineal", _("Parent, child, grandparent or grandchild")
    COLLATERAL = "collateral", _("Collateral relative within three generations")
    IN_LAW = "in_law", _("Near in-law")
    ADOPTIVE = "adoptive", _("Adoptive or step relative")


class DocumentKind(models.TextChoices):
    PHOTO = "photo", _("Photo")
    IDENTITY_CARD = "identity_card", _("Identity card")
    DIPLOMA = "diploma", _("Diploma")
    DEGREE = "degree", _("Degree certificate")
    CERTIFICATE = "certificate", _("Professional certificate")
    EMPLOYER_CONSENT = "employer_consent", _("Employer's consent")
    BONUS = "bonus", _("Proof of a ground for bonus points")
    OTHER = "other", _("Other proof")


class RecordKind(models.TextChoices):
    """What is on record about a person: by the national rules for years or for long, or a ban of one place (R40)."""

    FIVE_YEARS = "five_years", _("Integrity record of five years")
    LONG_TERM = "long_term", _("Long-term integrity record")
    BAN = "ban", _("Local ban")
