"""Where the fonts of paper lie: apart from `render`, so that the server need not load the PDF library."""

from pathlib import Path

FONT_DIR = Path(__file__).parent.parent / "frontend" / "vendor" / "fonts"
FONTS = ("NotoSansSC_400Regular.ttf", "NotoSansSC_700Bold.ttf")
