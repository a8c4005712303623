"""The handful of icons: 24×24, stroked, drawn for Wardmote."""

PATHS = {
    "home": '<path d="M4 11 12 4l8 7v8.5H14.5V14h-5v5.5H4z"/>',
    "everyone": '<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17M12 3.5c5 5 5 12 0 17c-5-5-5-12 0-17"/>',
    "people": '<circle cx="9" cy="8.5" r="3.5"/><path d="M2.5 19.5c.5-4 3-6 6.5-6s6 2 6.5 6M15.5 5.4a3.5 3.5 0 0 1 0 6'
    'M18 14.2c2 .8 3.2 2.6 3.5 5.3"/>',
    "notices": '<path d="M5.5 17h13l-1.7-2.5V10a4.8 4.8 0 0 0-9.6 0v4.5zM10 19.8c1 1 3 1 4 0"/>',
    "desk": '<path d="M12 4v16M7.5 20h9M5 7h14M5 7l-2.5 6.5h5zM19 7l-2.5 6.5h5zM2.5 13.5a2.5 2.5 0 0 0 5 0'
    'M16.5 13.5a2.5 2.5 0 0 0 5 0"/>',
    "you": '<circle cx="12" cy="8" r="4"/><path d="M4.5 20c.6-4.4 3.4-6.5 7.5-6.5s6.9 2.1 7.5 6.5"/>',
    "settings": '<path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2"/><circle cx="9" cy="17" r="2"/>',
    "policy": '<path d="M6 3.5h9l3.5 3.5v13.5H6zM14.5 3.5V7.5h4M9 11.5h6.5M9 15h6.5"/>',
    "record": '<path d="M12 4v5M12 9H6.5v4M12 9h5.5v4"/><circle cx="12" cy="4" r="1.5"/>'
    '<circle cx="6.5" cy="15" r="2"/><circle cx="17.5" cy="15" r="2"/><path d="M4 20.5h16"/>',
    "reply": '<path d="M20 5.5H4v11h4.5V20l4.5-3.5h7z"/>',
    "edit": '<path d="M4.5 19.5l1-4L16 5l3 3L8.5 18.5zM14 7l3 3"/>',
    "delete": '<path d="M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7M10.5 10.5v5.5M13.5 10.5v5.5"/>',
    "report": '<path d="M6 20.5v-16.5M6 4.5h12l-2.5 4 2.5 4H6"/>',
    "history": '<path d="M4.5 12a7.5 7.5 0 1 0 2.5-5.6L4.5 8.5M4.5 4.5v4h4M12 8v4.5l3 2"/>',
    "write": '<path d="M12 5v14M5 12h14"/>',
    "shield": '<path d="M12 3.5 5 6v5.5c0 4.5 3 7.5 7 9c4-1.5 7-4.5 7-9V6z"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7.5V12l3 2"/>',
    "warn": '<path d="M12 4 2.8 20h18.4zM12 10v4.5M12 17.2v.1"/>',
    "check": '<path d="M5 12.5l4.5 4.5L19 7"/>',
    "more": '<path d="M5.5 12h.1M12 12h.1M18.5 12h.1"/>',
    "out": '<path d="M14 4.5H5v15h9M10 12h10.5M17 8l4 4-4 4"/>',
    "appeal": '<path d="M4.5 9.5h9.5a5 5 0 0 1 0 10H9M8.5 5.5l-4 4 4 4"/>',
}
"""Icon name -> the inside of its `<svg>`."""
TURNS = frozenset({"out", "appeal", "history"})
"""Icons that point along the line of reading: on a page from right to left they are mirrored."""
