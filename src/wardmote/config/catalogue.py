"""Every setting of an installation: its name, its default and what it does. The reference is printed from this."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable. `in_file` is whether `settings.env` in the home folder may set it too.

    `former` is what an earlier version called it; this one still reads that name.
    """

    name: str
    default: str
    meaning: str
    in_file: bool = True
    former: str = ""


SETTINGS = (
    Setting(
        "WARDMOTE_HOME",
        "`var`",
        "The folder that holds keys, the settings file and SQLite's database. Only its owner may read it.",
        in_file=False,
    ),
    Setting(
        "DATABASE_URL",
        "SQLite, in the home folder",
        "`postgresql://user:password@host:port/name`, or `sqlite:///path`; what stands behind `?` goes to the driver.",
    ),
    Setting(
        "WARDMOTE_DATABASE_SECONDS",
        "`15`",
        "Seconds that a page waits for one answer of PostgreSQL, 1 to 300; then it says 503 and why. Background work"
        " waits for five minutes, what is started by hand for an hour.",
    ),
    Setting(
        "WARDMOTE_HUNG_SECONDS",
        "`120`",
        "Seconds without a sign of life after which `wardmote run` takes a part of itself to hang, ends it and starts"
        " it again, 5 to 3600.",
    ),
    Setting("WARDMOTE_PORT", "`8000`", "The port that the pages answer at; `wardmote run --port` goes before it."),
    Setting(
        "WARDMOTE_HOST_DOMAINS",
        "`127.0.0.1,localhost`",
        "Host names, with commas between, under which the host's own pages answer. Every other name is a community's.",
    ),
    Setting(
        "WARDMOTE_LOG_ORIGIN",
        "`wardmote.localhost/record`",
        "The name of the log in every checkpoint. Never change it once the log has begun.",
        former="WARDMOTE_ORIGIN",
    ),
    Setting(
        "WARDMOTE_HTTPS",
        "`no`",
        "`yes` where TLS ends in front of Wardmote: cookies then go over https alone, browsers are told to insist"
        " on it, and a trusted proxy's `X-Forwarded-Proto` is believed, which it must set itself.",
    ),
    Setting(
        "WARDMOTE_TRUSTED_PROXIES",
        "`127.0.0.0/8,::1` with `WARDMOTE_HTTPS`, else none",
        "Addresses or networks, with commas between, of the proxies in front. Only their `X-Forwarded-For` and"
        " `X-Forwarded-Proto` are believed, read from the right up to the first address that is not one of these."
        " `none`: nobody's.",
    ),
    Setting(
        "WARDMOTE_LANGUAGES",
        "`en,de`",
        "Codes of the languages that the pages and letters are offered in, with commas between; `en` is always one. One"
        " without a catalogue shows English in that language's direction.",
    ),
    Setting(
        "WARDMOTE_MAIL",
        "`console`",
        "How mail leaves: `console` prints it; `smtp://user:password@host:port` takes TLS where it is offered and sends"
        " no password without; `smtps://` is TLS from the start.",
    ),
    Setting("WARDMOTE_MAIL_FROM", "`wardmote@localhost`", "The address that mail comes from."),
    Setting(
        "WARDMOTE_FETCH_HOSTS",
        "none",
        "Hosts, by name, with commas between, that the guarded fetch may reach although their address is not public.",
    ),
    Setting(
        "WARDMOTE_PRIVATE_WEBHOOKS",
        "`no`",
        "`yes` lets webhooks go to private addresses and without TLS: to a platform on the same machine or network.",
    ),
    Setting(
        "WARDMOTE_API_ORIGINS",
        "none",
        "Origins (`https://name`, `https://name:port`, or `*`), with commas between, whose pages may ask the moderation"
        " API for scores from a browser. A key in a page is everybody's: give it few scopes and low limits.",
    ),
    Setting(
        "WARDMOTE_LLM_URL",
        "",
        "The base address of a chat endpoint in OpenAI's shape (`https://name/v1`), asked for a second opinion on posts"
        " that screening is unsure of. Their text goes there. Without it nobody is asked.",
        former="WARDMOTE_CHAT_URL",
    ),
    Setting(
        "WARDMOTE_LLM_MODEL",
        "",
        "The model that is asked; needed with `WARDMOTE_LLM_URL`.",
        former="WARDMOTE_CHAT_MODEL",
    ),
    Setting(
        "WARDMOTE_LLM_KEY",
        "`keys/chat` in the home folder, if it is there",
        "The key of the chat endpoint. Without one, none is sent.",
        former="WARDMOTE_CHAT_KEY",
    ),
    Setting(
        "WARDMOTE_LLM_PRIVATE",
        "`no`",
        "`yes` lets the chat endpoint be at a private address and without TLS: a model on the same machine or network.",
        former="WARDMOTE_CHAT_PRIVATE",
    ),
    Setting(
        "WARDMOTE_LLM_TIMEOUT",
        "`30`",
        "Seconds that one question may take in all, 1 to 300.",
        former="WARDMOTE_CHAT_TIMEOUT",
    ),
    Setting(
        "WARDMOTE_LLM_CALLS",
        "`1000`",
        "Questions that the installation asks in a day (UTC) at most.",
        former="WARDMOTE_CHAT_CALLS",
    ),
    Setting(
        "WARDMOTE_LLM_TOKENS",
        "`2000000`",
        "Tokens that the installation spends in a day at most.",
        former="WARDMOTE_CHAT_TOKENS",
    ),
    Setting(
        "WARDMOTE_LLM_COMMUNITY_CALLS",
        "`200`",
        "Questions that are asked for one community in a day at most.",
        former="WARDMOTE_CHAT_COMMUNITY_CALLS",
    ),
    Setting(
        "WARDMOTE_LLM_COMMUNITY_TOKENS",
        "`400000`",
        "Tokens that are spent for one community in a day at most.",
        former="WARDMOTE_CHAT_COMMUNITY_TOKENS",
    ),
    Setting(
        "WARDMOTE_PACE",
        "`1`",
        "What the paces of members are multiplied by: 10 posts a minute, 300 a day, 10 reports in ten minutes and 100"
        " a day, 30 follows a minute, and so on. `2` lets everybody write twice as fast; `0` counts nothing.",
    ),
    Setting(
        "WARDMOTE_UNDO_MINUTES",
        "`5`",
        "How long whoever decides a case can take the decision back. The measure acts at once; the letters to author,"
        " reporters and host leave when this time is over. `0`: they leave at once, and nothing is taken back.",
    ),
    Setting(
        "WARDMOTE_SECRET",
        "`keys/secret` in the home folder",
        "What sessions, links to reset a password, links by which authors elsewhere appeal, and hand-overs between the"
        " domains are signed with, and what webhooks' secrets are made from. Changing it ends them all, unless the"
        " one before is named in `WARDMOTE_FORMER_SECRETS`; a webhook's receiver needs its new secret all the same. The"
        " record's key and what it signed are not touched. The file is made at the first start.",
    ),
    Setting(
        "WARDMOTE_FORMER_SECRETS",
        "none",
        "Secrets that `WARDMOTE_SECRET` was before, with spaces between: sessions and links signed with them are"
        " still taken. Leave one here until the time to appeal has ended for all that was decided under it.",
    ),
    Setting(
        "WARDMOTE_NODE",
        "chosen at random",
        "A number from 0 to 1023 in every id that this process makes; different on machines that share a database.",
        in_file=False,
    ),
    Setting(
        "WARDMOTE_DATA",
        "",
        "A folder of labelled texts, for training and measuring the detector. An installation needs none.",
    ),
)

RENAMED = {setting.former: setting.name for setting in SETTINGS if setting.former}
"""Former names, and what each is called now."""
