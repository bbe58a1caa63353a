"""The first wall around a hospital's database: a query is one SELECT that leaves nothing behind, or it is not run.

The text is cut into words by a parser of the dialect, so that a quote in a comment and a comment in a quote hide nothing.
What the parser can build a tree of is judged by the tree; what it cannot (old spellings of Oracle, of 达梦, of Caché) is
judged by its words, and strictly. The second wall is the read-only session, the third the account.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlglot import Expr, Token

_DIALECTS = {
    "sqlite": "sqlite", "postgresql": "postgres", "postgres": "postgres", "mysql": "mysql", "mariadb": "mysql",
    "oracle": "oracle", "dm": "oracle", "mssql": "tsql",
}  # fmt: skip
_NOT_ONE = "查询文件里不止一条语句"
_NO_SELECT = "查询文件不是一条 SELECT"
_NOT_READ = "查询的引号、括号或注释没有成对"
_WRITING_WORDS = frozenset({
    "INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE", "CREATE", "DROP", "ALTER", "TRUNCATE",
    "RENAME", "GRANT", "REVOKE", "COMMIT", "ROLLBACK", "BEGIN", "SAVEPOINT", "CALL", "EXEC",
    "EXECUTE", "DO", "SET", "INTO", "COPY", "LOAD", "ATTACH", "DETACH", "PRAGMA",
    "VACUUM", "LOCK", "HANDLER", "DECLARE", "PREPARE", "GO", "UNLOCK",
})  # fmt: skip
_FUNCTION_WORDS = frozenset({"REPLACE", "INSERT", "TRUNCATE"})
"""Words that are functions where a bracket follows: REPLACE(name, '·', '')."""
_EFFECTS = re.compile(
    r"set_config|nextval|setval|lo_(?:import|export|create|creat|unlink|put|from_bytea)|dblink\w*|"
    r"pg_(?:terminate_backend|cancel_backend|reload_conf|rotate_logfile|advisory_\w+|try_advisory_\w+|read_file|"
    r"read_binary_file|ls_dir|switch_wal|logical_emit_message|notify|promote|sleep_until)|query_to_xml\w*|"
    r"get_lock|release_lock|release_all_locks|load_file|load_extension|writefile|edit|sys_exec|sys_eval|lastval|"
    r"openrowset|opendatasource|openquery|xp_\w+|sp_\w+",
    re.IGNORECASE,
)
_PACKAGES = re.compile(r"dbms_\w+|utl_\w+", re.IGNORECASE)
"""Functions by which a SELECT changes the session, the database or the machine, or reads the machine's files."""
_GAP = re.compile(r"\s+|--[^\n]*|#[^\n]*|/\*.*?\*/", re.DOTALL)
_RUN_COMMENT = re.compile(r"/\*M?!")


@lru_cache(maxsize=1_000)
def not_one_select(query: str, backend: str) -> str | None:
    """Why the text is not one SELECT that only reads, in Chinese; None when it is.

    backend  a database URL's scheme without driver: mysql, postgresql, sqlite …
    """
    from sqlglot.dialects.dialect import Dialect
    from sqlglot.errors import ParseError, TokenError

    dialect = Dialect.get_or_raise(_DIALECTS.get(backend))
    try:
        words = [one for one in dialect.tokenize(query) if one.text or one.end > one.start]
    except TokenError:
        return _NOT_READ
    while words and words[-1].text == ";":
        words.pop()
    said = _of_comments(query, words) if backend in ("mysql", "mariadb") else None
    said = said or _of_words(words)
    if said is not None:
        return said
    try:
        trees = dialect.parser().parse(words, query)
    except ParseError:
        return _of_unknown_words(words)
    except RecursionError:
        return "查询嵌套太深"
    return _of_trees([tree for tree in trees if tree is not None])


def _of_comments(query: str, words: Sequence[Token]) -> str | None:
    """MariaDB runs what stands in `/*! … */`: for the parser it is a comment."""
    edges = [(0, 0), *((word.start, word.end + 1) for word in words), (len(query), len(query))]
    for (_, left), (right, _) in pairwise(edges):
        for comment in _GAP.findall(query[left:right]):
            if _RUN_COMMENT.match(comment):
                return "查询里有会被数据库执行的注释 /*! … */"
    return None


def _of_words(words: Sequence[Token]) -> str | None:
    texts = [word.text.upper() for word in words]
    if not texts:
        return "查询文件是空的"
    if next((one for one in texts if one != "("), "") not in ("SELECT", "WITH"):
        return _NO_SELECT
    if ";" in _bare(words):
        return _NOT_ONE
    depths = list(accumulate((text == "(") - (text == ")") for text in _bare(words)))
    if min(depths) < 0 or depths[-1]:
        return _NOT_READ
    for word, following in zip(words, [*texts[1:], ""], strict=True):
        effects = {"(": _EFFECTS, ".": _PACKAGES}.get(following)
        if effects is not None and not _is_literal(word) and effects.fullmatch(word.text):
            return f"查询调用了有副作用的函数 {word.text}"
    return None


def _is_literal(word: Token) -> bool:
    return "STRING" in word.token_type.name or word.token_type.name in ("NUMBER", "COMMENT")


def _bare(words: Sequence[Token]) -> Iterator[str]:
    """Words in capitals; a literal and a quoted name are no words."""
    for word in words:
        quoted = _is_literal(word) or word.end - word.start + 1 > len(word.text)
        yield "" if quoted else word.text.upper()


def _of_unknown_words(words: Sequence[Token]) -> str | None:
    """Without a tree: no word that begins a change, wherever it stands."""
    texts = [*_bare(words), ""]
    for text, following in pairwise(texts):
        if text in _WRITING_WORDS and not (text in _FUNCTION_WORDS and following == "("):
            return f"查询里有 {text}，不是只读的 SELECT"
    return None


def _of_trees(trees: Sequence[Expr]) -> str | None:
    from sqlglot import exp

    if len(trees) != 1:
        return _NOT_ONE
    root = trees[0].unnest() if isinstance(trees[0], exp.Subquery) else trees[0]
    if not isinstance(root, (exp.Select, exp.SetOperation)):
        return _NO_SELECT
    writing = root.find(
        exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Create, exp.Drop, exp.Alter, exp.Command, exp.Into,
        exp.Set, exp.Commit, exp.Rollback, exp.Transaction, exp.TruncateTable, exp.Copy, exp.LoadData,
    )  # fmt: skip
    if writing is not None:
        return f"查询里有 {writing.key.upper()}，不是只读的 SELECT"
    if root.find(exp.Lock) is not None:
        return "查询会给行加锁（FOR UPDATE 等）"
    if root.find(exp.PropertyEQ) is not None:
        return "查询会给变量赋值（:=）"
    return None
