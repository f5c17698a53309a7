"""link-ecf: links an attorney's CM/ECF filer account to their PACER account, from the chat they already work in."""

__version__ = "0.2.0"
