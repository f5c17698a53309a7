"""What the pretend servers can do wrong: each fault is one line here, and one test in tests/sandbox/test_faults.py.

What is wrong with a person's own account is not here but in `accounts.py` (AccountTrouble, FilerTrouble), and what a
court may do differently without being at fault is in `profiles.py`.
"""

from __future__ import annotations

from enum import StrEnum

FOREIGN_HOST = "ecf.uscourts.example"
"""Where the foreign redirects, links and forms point; the sandbox answers there too, so that a leak is on record."""


class Fault(StrEnum):
    """One way to fail, switched on for a court, for the sign-on or for one account (`faults=` of each).

    The faults of the first group strike every answer of the host, or only those of the kind that the profile names
    in `at`; all others strike at one fixed place.
    """

    COURT_DOWN = "court_down"
    """HTTP 503 with a page of the web server."""
    MAINTENANCE = "maintenance"
    """HTTP 200 with a notice that the system is down for maintenance."""
    SERVER_ERROR = "server_error"
    """HTTP 500 with a page of the web server."""
    REQUEST_TIMEOUT_PAGE = "request_timeout_page"
    """HTTP 408 with the page that a court's Apache sends."""
    NO_ANSWER = "no_answer"
    """The request is read and never answered: the client's time runs out."""
    SLOW_DRIP = "slow_drip"
    """The page arrives a few bytes at a time and never ends."""
    CUT = "cut"
    """The connection is cut after the request was read, before any answer."""
    OVERSIZED = "oversized"
    """A page of three megabytes."""
    ENDLESS = "endless"
    """A page without an end, as fast as it is taken."""
    TOO_MANY_TAGS = "too_many_tags"
    """A page within one megabyte that holds sixty thousand tags."""
    GZIP_BOMB = "gzip_bomb"
    """A small gzip body that unpacks to 64 megabytes."""
    BAD_CHARSET = "bad_charset"
    """The page declares a charset that does not exist and holds bytes that are not UTF-8."""
    FOREIGN_302 = "foreign_302"
    """HTTP 302 to another host."""
    FOREIGN_307 = "foreign_307"
    """HTTP 307 to another host: a client that follows it re-posts what it posted."""
    FOREIGN_SCRIPT = "foreign_script"
    """A script sends the browser to another host."""
    FOREIGN_META = "foreign_meta"
    """A meta refresh to another host."""
    PLAIN_HTTP_REDIRECT = "plain_http_redirect"
    """HTTP 302 to the same host in clear (http:)."""
    REDIRECT_LOOP = "redirect_loop"
    """HTTP 302 to the very same address, for ever."""
    ONE_LINE_ERROR = "one_line_error"
    """An ordinary menu page whose whole content is one line that nobody has seen before."""
    UNKNOWN_PAGE = "unknown_page"
    """A page that is no CM/ECF page and no sign-on page at all."""

    CONNECTION_REFUSED = "connection_refused"
    """Every TLS handshake is broken off (all hosts share one port, so this stands for a refused connection)."""
    FIRST_CONNECTION_REFUSED = "first_connection_refused"
    """The first TLS handshake is broken off, later ones succeed."""
    CERTIFICATE_EXPIRED = "certificate_expired"
    """The host shows a certificate that ran out years ago."""
    CERTIFICATE_WRONG_NAME = "certificate_wrong_name"
    """The host shows a good certificate of another host."""
    CERTIFICATE_UNKNOWN_CA = "certificate_unknown_ca"
    """The host shows a certificate of an authority that nobody trusts."""

    API_UNAVAILABLE = "api_unavailable"
    """HTTP 503 on /services/cso-auth: the JSON API could not be reached, nothing was tried."""
    API_CUT_UNREAD = "api_cut_unread"
    """The connection is cut before the body of the API sign-on is read."""
    API_CUT_AFTER = "api_cut_after"
    """The API tries the password, then the connection is cut without an answer."""
    API_NO_ANSWER = "api_no_answer"
    """The API tries the password and never answers."""
    API_BAD_GATEWAY = "api_bad_gateway"
    """The API tries the password, then HTTP 502."""
    API_REDIRECT = "api_redirect"
    """The API answers with HTTP 302 to the sign-on page."""
    API_FOREIGN_307 = "api_foreign_307"
    """The API answers with HTTP 307 to another host: the password would be posted there."""
    API_NOT_JSON = "api_not_json"
    """The API answers HTTP 200 with an HTML page."""
    API_NO_TOKEN = "api_no_token"
    """The API answers loginResult "0" with an empty token."""

    SIGN_ON_SESSION_LOST = "sign_on_session_lost"
    """The sign-on page answers every POST with a new JSESSIONID and starts over."""
    STALE_VIEW_STATE = "stale_view_state"
    """The sign-on page answers every POST with ViewExpiredException."""
    SIGN_ON_FOREIGN_REDIRECT = "sign_on_foreign_redirect"
    """The sign-on page accepts everything and then sends the browser to another host."""
    UNKNOWN_SIGN_ON_PAGE = "unknown_sign_on_page"
    """The sign-on page asks for nothing that anybody knows."""
    UNKNOWN_PROMPT = "unknown_prompt"
    """After the password the sign-on page opens a dialog that nobody has seen before, with one button."""

    UNKNOWN_FRONT_PAGE = "unknown_front_page"
    """The court's front page holds no way in."""
    UNKNOWN_MENU = "unknown_menu"
    """After the sign-on the court shows a page without a menu bar."""
    UNKNOWN_UTILITIES = "unknown_utilities"
    """The Utilities page is another page altogether."""
    UNKNOWN_LINK_FORM = "unknown_link_form"
    """The link page asks for three passwords."""
    UNKNOWN_VERIFY_PAGE = "unknown_verify_page"
    """After the link form comes a page that asks something else."""
    NO_PRIVILEGES_ALWAYS = "no_privileges_always"
    """Every page says "This user has no access privileges defined."."""
    SESSION_LOST = "session_lost"
    """The court forgets the session: "Not logged in.  Please refresh this page." on everything behind the menu."""
    FOREIGN_LINK = "foreign_link"
    """The link in Utilities leads to another host."""
    FOREIGN_FORM = "foreign_form"
    """The link form's action is on another host."""
    PLAIN_HTTP_FORM = "plain_http_form"
    """The link form's action is http: on the court's own host."""
    GET_FORM = "get_form"
    """The link form has method GET: the CM/ECF password would stand in the address."""
    FORM_AGAIN_SILENT = "form_again_silent"
    """The link form is shown again and again, without a reason."""
    FOREIGN_VERIFY_FORM = "foreign_verify_form"
    """The verify page's form posts to another host."""

    CUT_BEFORE_SUBMIT = "cut_before_submit"
    """The connection is cut before the final Submit is applied: nothing is linked."""
    CUT_AFTER_SUBMIT = "cut_after_submit"
    """The final Submit is applied, then the connection is cut."""
    NO_ANSWER_AFTER_SUBMIT = "no_answer_after_submit"
    """The final Submit is applied and never answered."""
    ERROR_AFTER_SUBMIT = "error_after_submit"
    """The final Submit is applied and answered with HTTP 500."""
    UNKNOWN_AFTER_SUBMIT = "unknown_after_submit"
    """The final Submit is applied and answered with a page that nobody knows."""
    SAYS_LINKED_BUT_IS_NOT = "says_linked_but_is_not"
    """The final Submit is answered with the success page, and nothing is linked."""
    DOWN_AFTER_SUBMIT = "down_after_submit"
    """The final Submit is applied and answered with HTTP 503, and so is everything after it."""


WHOLE_ANSWER = frozenset(
    {
        Fault.COURT_DOWN,
        Fault.MAINTENANCE,
        Fault.SERVER_ERROR,
        Fault.REQUEST_TIMEOUT_PAGE,
        Fault.NO_ANSWER,
        Fault.SLOW_DRIP,
        Fault.CUT,
        Fault.OVERSIZED,
        Fault.ENDLESS,
        Fault.TOO_MANY_TAGS,
        Fault.GZIP_BOMB,
        Fault.BAD_CHARSET,
        Fault.FOREIGN_302,
        Fault.FOREIGN_307,
        Fault.FOREIGN_SCRIPT,
        Fault.FOREIGN_META,
        Fault.PLAIN_HTTP_REDIRECT,
        Fault.REDIRECT_LOOP,
        Fault.ONE_LINE_ERROR,
        Fault.UNKNOWN_PAGE,
    }
)
"""The faults that replace a whole answer, wherever `at` says."""
