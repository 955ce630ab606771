"""Who somebody is and how to reach them: name, organisation, mail address, telephone number."""

import re

from intents.messages import Step
from intents.readers.misread import Misread
from intents.readers.plain import bare, filled
from intents.readers.steering import declines, steering

NAME_LIMIT = 60
ORGANISATION_LIMIT = 80
# RFC 5321, 4.5.3.1.
LOCAL_LIMIT, MAIL_LIMIT = 64, 254
_ANGLED = re.compile(r"<\s*(?:mailto:)?([^<>]*@[^<>]*)>", re.IGNORECASE)
_LABEL = re.compile(
    r"^(?:mailto:|(?:(?:my )?e-?mail(?: address)?|メール|メールアドレス|アドレス|tel|phone|電話|電話番号|携帯|携帯電話|連絡先)\s*(?:は|:|is)?\s*(?=[\w+(]))+",
    re.IGNORECASE,
)
_LOCAL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+", re.IGNORECASE)
_DOMAIN_PART = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?", re.IGNORECASE)
_EXTENSION = re.compile(r"\s*[(,]?\s*(内線|ext\.?|x)\s*:?\s*(\d{1,6})\s*\)?$", re.IGNORECASE)


def person_name(text: str) -> str:
    """A person's name, at most 60 characters."""
    name = bare(filled(text))
    if "@" in name:
        raise Misread("name_is_mail")
    return _named(name, NAME_LIMIT)


def organisation(text: str) -> str:
    """The name of a company, town or other organisation, at most 80 characters."""
    return _named(bare(filled(text)), ORGANISATION_LIMIT)


def mail_address(text: str) -> str:
    """A mail address in ASCII, its domain in lower case."""
    address = _address_in(filled(text))
    if address.count("@") != 1:
        raise Misread("mail_two_ats" if "@" in address else "mail_no_at")
    if " " in address:
        raise Misread("mail_space")
    if address[-1] in ".,、。":
        raise Misread("mail_trailing", mark=address[-1], suggestion=address.rstrip(".,、。"))
    local, _, domain = address.partition("@")
    _check_mail(address, local, domain)
    return f"{local}@{domain.lower()}"


def phone(text: str) -> str:
    """A telephone number; hyphens are set where the grouping is certain and kept where it was typed.

    Domestic numbers begin with 0; numbers with a country code keep it.
    """
    number, extension = _without_extension(_LABEL.sub("", bare(filled(text))))
    if strange := re.sub(r"[\d\s()+./~-]", "", number):
        raise Misread("phone_letters", letters=strange[:10])
    digits = re.sub(r"\D", "", number)
    if number.startswith("+") and not digits.startswith("81"):
        return _abroad(digits) + extension
    if number.startswith("+"):
        # Some write the 0 of the domestic number after the country code: +81 (0)3.
        return f"+81-{_domestic('0' + digits[2:].lstrip('0'), number='')[1:]}{extension}"
    return _domestic(digits, number) + extension


def _named(name: str, limit: int) -> str:
    # Who believes to have come to the end says yes or "send", which is nobody's name.
    if steering(name) is Step.CONFIRM or declines(name):
        raise Misread("name_word", text=name)
    if not any(letter.isalpha() for letter in name):
        raise Misread("name_symbols")
    if len(name) > limit:
        raise Misread("too_long", limit=limit, count=len(name))
    return name


def _address_in(whole: str) -> str:
    if angled := _ANGLED.search(whole):
        return angled[1].strip()
    text = _LABEL.sub("", whole).strip("\"'「」<> ")
    runs = [run for run in re.findall(r"[!-~]+", text) if "@" in run]
    others = re.sub(r"[!-~\s]", "", text)
    # In a Japanese sentence the one run of Latin letters with an @ is the address: "tanaka@example.jpです".
    words = len(re.findall(r"[!-~]+", text))
    return runs[0] if len(runs) == 1 and words == 1 and _frames(text, runs[0], others) else text


def _frames(text: str, run: str, others: str) -> bool:
    before, _, after = text.partition(run)
    return bool(others) and (not after.strip() or bare(f"x{after}") == "x") and _is_lead(before)


def _is_lead(before: str) -> bool:
    return not before or before.rstrip()[-1:] in ("は", ":", "」", "、")


def _check_mail(address: str, local: str, domain: str) -> None:
    if strange := "".join(letter for letter in address if not letter.isascii()):
        raise Misread("mail_not_ascii", letters=strange[:10])
    if len(local) > LOCAL_LIMIT or len(address) > MAIL_LIMIT:
        raise Misread("mail_too_long")
    if not local or not domain:
        raise Misread("mail_half")
    # Japanese mobile addresses with two dots in a row, or a dot before the @, exist: only the letters count.
    if not _LOCAL.fullmatch(local):
        raise Misread("mail_letter", letters=_LOCAL.sub("", local)[:10])
    if "." not in domain:
        raise Misread("mail_no_dot", domain=domain)
    parts = domain.split(".")
    if not all(_DOMAIN_PART.fullmatch(part) for part in parts) or not re.search("[a-z]{2}", parts[-1], re.I):
        raise Misread("mail_domain", domain=domain)


def _without_extension(number: str) -> tuple[str, str]:
    found = _EXTENSION.search(number)
    if not found:
        return number, ""
    word = found[1] if found[1] == "内線" else "ext. "
    return number[: found.start()], f" {word}{found[2]}"


def _abroad(digits: str) -> str:
    # ITU-T E.164: at most fifteen digits with the country code.
    if len(digits) > 15:
        raise Misread("phone_long", count=len(digits))
    if len(digits) < 8:
        raise Misread("phone_short", count=len(digits))
    return f"+{digits}"


def _domestic(digits: str, number: str) -> str:
    if digits and not digits.startswith("0"):
        raise Misread("phone_no_zero")
    wanted = 11 if re.match(r"0[5789]0|0800", digits) else 10
    if len(digits) != wanted:
        raise Misread("phone_short" if len(digits) < wanted else "phone_long", count=len(digits))
    typed = re.findall(r"\d+", number)
    if len(typed) == 3 and len(typed[2]) >= 3:
        return "-".join(typed)
    return "-".join(filter(None, _grouped(digits)))


def _grouped(digits: str) -> tuple[str, ...]:
    # Where an area code ends is certain only for the two of two digits; mobile and free numbers have one grouping.
    if re.match(r"0120|0800", digits):
        return digits[:4], digits[4:7], digits[7:]
    if len(digits) == 11:
        return digits[:3], digits[3:7], digits[7:]
    if digits[:2] in ("03", "06"):
        return digits[:2], digits[2:6], digits[6:]
    return (digits,)
