"""Pieces of HTML: what is no piece is text."""

from certkit.report.html.markup import Markup, element, items, table


def test_text_is_escaped_and_pieces_are_not() -> None:
    assert element("p", "<b>", element("b", '"&"')) == "<p>&lt;b&gt;<b>&quot;&amp;&quot;</b></p>"


def test_attributes_are_escaped() -> None:
    found = element("p", class_="a", aria_label="\"'><\u202e")

    assert found == '<p class="a" aria-label="&quot;&#x27;&gt;&lt;\\u202e"></p>'


def test_a_list_has_an_item_for_each_line() -> None:
    assert items(["<", Markup("<b></b>")]) == "<ul><li>&lt;</li><li><b></b></li></ul>"


def test_a_table_scrolls_by_the_keyboard_and_names_its_rows() -> None:
    found = table("Cap", ["A", "B"], [("1", "<2>")], heading=1)

    assert found == (
        '<div class="scroll" tabindex="0" role="region" aria-label="Cap"><table class="plain"><caption>Cap</caption>'
        '<thead><tr><th scope="col">A</th><th scope="col">B</th></tr></thead><tbody><tr><td><bdi>1</bdi></td>'
        '<th scope="row"><bdi>&lt;2&gt;</bdi></th></tr></tbody></table></div>'
    )
