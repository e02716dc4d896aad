"""Whether letters of a colour can be read: WCAG's contrast. Pure."""

PAPER, NIGHT = "#fbfaf6", "#141619"  # the grounds of light and dark pages, --paper in static/css/tokens.css
ENOUGH = 4.5  # what WCAG 2.2 AA asks of text


def contrast(first: str, second: str) -> float:
    """From 1 for equal colours to 21 for black and white; both as `#00616b`.

    >>> round(contrast("#000000", "#ffffff"), 1)
    21.0
    """
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
