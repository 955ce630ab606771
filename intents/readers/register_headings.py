"""Headings of the register's tables in either language, whatever their width, spaces and brackets."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from functools import cache

ALIKE = 0.6
_SIGNS = re.compile(r"[\W_]")
_ASIDE = re.compile(r"[(\[{【〔〈《<][^)\]}】〕〉》>]*[)\]}】〕〉》>]")

# What columns are also called; their own names need not stand here.
_CALLED: Mapping[str, str] = {
    "project_id": "案件番号 プロジェクトID プロジェクト番号 案件ID 登録番号 管理番号 projectno id",
    "title": "プロジェクト名 プロジェクト名称 案件名 件名 projectname",
    "organisation": "実施者 事業者名 事業者 実施者名 プロジェクト実施者 団体名 法人名 organization company",
    "prefecture": "都道府県 都県 所在地 実施場所",
    "methodology": "方法論 方法論番号 方法論コード",
    "scheme": "形態 登録形態 型 プロジェクト形態 通常型プログラム型",
    "is_forest": "森林 森林管理 森林プロジェクト 森林かどうか forest",
    "implementation_date": "実施日 稼働日 設備稼働日 活動実施日 導入日",
    "registration_application_date": "登録申請日 プロジェクト登録申請日",
    "registration_date": "登録日 プロジェクト登録日",
    "monitoring_ready_date": "モニタリング開始可能日 モニタリング可能日 モニタリング開始日",
    "cp_start": "認証対象期間開始 認証対象期間開始日 認証対象期間始期 認証期間開始",
    "cp_end": "認証対象期間終了 認証対象期間終了日 認証対象期間終期 認証期間終了",
    "expected_t": "年間見込み量 年間見込量 年間見込み量tco2 見込み量 見込量 想定削減量 年間削減見込量 expectedtonnes",
    "contact_name": "担当者名 担当者 ご担当者 担当者氏名",
    "contact_email": "担当者メール 担当者メールアドレス メール メールアドレス 担当者email contactmail",
    "second_contact_name": "第二連絡先 第二連絡先名 第二連絡先氏名 第2連絡先 第2連絡先名 副担当者名 副担当者",
    "second_contact_email": "第二連絡先メール 第二連絡先メールアドレス 第2連絡先メール 第2連絡先メールアドレス"
    " 副担当者メール secondcontactmail",
    "target_round": "目標の回 目標回 目標委員会 目標の認証委員会 目指す回 目指す委員会",
    "report_received_on": "検証報告書受領日 検証報告書の受領日 報告書受領日",
    "plan_changed_on": "計画変更日 計画の変更日",
    "state": "状態 ステータス 進行状況 status",
    "unverified": "要確認 要確認の項目 要確認項目",
    "round": "回 認証委員会 認証委員会の回 委員会の回 committeeround",
    "applied_on": "認証申請日 申請日 applicationdate",
    "tonnes": "認証量 認証量tco2 トン数 数量",
    "listed_on": "売り出し一覧掲載日 一覧掲載日 掲載日 売り出し掲載日",
    "begins_on": "期間開始 開始日 モニタリング期間開始 モニタリング期間開始日 始期 begin start",
    "ends_on": "期間終了 終了日 モニタリング期間終了 モニタリング期間終了日 終期 end",
    "name": "名称 計量器名 計量器 計測器 項目名 項目 計測項目",
    "valid_until": "有効期限 検定有効期限 校正期限 検定校正の有効期限",
    "kind": "種類 種別 区分",
    "unit": "単位",
    "since": "開始月 計測開始月 開始年月",
}
# The sheets of the template, and what they are also called; what explains the others holds nothing to read.
_SHEETS: Mapping[str, str] = {
    "projects": "プロジェクト プロジェクト一覧 案件 案件一覧 登録簿 project",
    "certifications": "認証 認証一覧 認証実績 認証申請 certification",
    "periods": "モニタリング期間 期間 period",
    "instruments": "計量器 計測器 計量器一覧 instrument",
    "items": "計測項目 毎月の項目 月次項目 item",
    "columns": "説明 列の説明 記入のしかた",
}
# What `import` adds to the rows that it sets aside: read over when they come again.
_PASSED_OVER = frozenset(("reason", "row", "理由", "行"))


def folded(heading: str) -> str:
    """A heading without what may differ between two ways of writing it."""
    return _SIGNS.sub("", unicodedata.normalize("NFKC", heading).casefold())


def passed_over(heading: str) -> bool:
    """Whether nothing is read from the column, and nobody need hear of it."""
    return not folded(heading) or folded(heading) in _PASSED_OVER


def sheet_of(name: str) -> str:
    """The sheet of the template that a name means; empty for none."""
    return next(
        (
            sheet
            for sheet, called in _SHEETS.items()
            if folded(name) in {folded(one) for one in (sheet, *called.split())}
        ),
        "",
    )


def column_of(heading: str, columns: Collection[str]) -> str:
    """The column that a heading names, one of these; empty for none."""
    bare = _ASIDE.sub("", unicodedata.normalize("NFKC", heading))
    known = _known(columns)
    return known.get(folded(heading)) or known.get(folded(bare)) or ""


def nearest(heading: str, columns: Collection[str]) -> str:
    """The column whose name or alias is written most alike; empty when none is."""
    known = _known(columns)
    found = get_close_matches(folded(heading), known, 1, ALIKE)
    return known[found[0]] if found else ""


def _known(columns: Collection[str]) -> Mapping[str, str]:
    return _names(tuple(columns))


@cache
def _names(columns: tuple[str, ...]) -> Mapping[str, str]:
    return {folded(said): column for column in columns for said in (column, *_CALLED.get(column, "").split())}
