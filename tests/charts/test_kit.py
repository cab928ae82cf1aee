from nousnous.charts.kit import Pen, Sheet, apart, fitted, in_two_lines, scale, ticks


def test_a_place_is_in_per_cent_of_the_container_or_in_px_of_a_given_width() -> None:
    assert Pen().at(61.255) == "61.26%"
    assert Pen(500).at(61.2) == "306"


def test_a_fluid_curve_stretches_without_its_stroke() -> None:
    fluid, fixed = (Pen(width).curve([(0, 10), (50, 20)]) for width in (None, 800))
    assert 'preserveAspectRatio="none"' in fluid
    assert 'vector-effect="non-scaling-stroke"' in fluid
    assert 'd="M0 10L400 20"' in fixed


def test_words_are_escaped() -> None:
    assert "&lt;b&gt;" in Pen().text(0, 0, "<b>")
    assert "&quot;" in Pen().hit((0, 1, 0, 1), 'he said "no"')


def test_labels_are_pushed_apart_about_where_they_were() -> None:
    assert apart([50, 50, 50], 15) == [35, 50, 65]
    assert apart([10, 40], 15) == [10, 40]


def test_ticks_are_round_and_hold_the_data() -> None:
    assert ticks(0.93, 0.97) == [0.93, 0.94, 0.95, 0.96, 0.97]
    assert ticks(0, 4_100)[-1] >= 4_100


def test_what_lies_outside_the_scale_is_held_at_its_end() -> None:
    assert scale(0.5, 1, 20, 74)(1.2) == 74


def test_a_long_name_takes_two_lines_and_then_an_ellipsis() -> None:
    assert in_two_lines("Mobile check-in abroad", 110) == ["Mobile check-in", "abroad"]
    assert fitted("Unpronounceableness", 60).endswith("…")


def test_a_chart_has_its_title_its_sentences_and_nothing_else_to_read() -> None:
    text = Sheet("x").svg(10, "Finding", ["<path/>"], ['<rect tabindex="-1"/>'], "About it")
    assert '<g aria-hidden="true"><path/></g><rect tabindex="0"/></svg>' in text
    assert 'role="group" aria-labelledby="x-w-t" aria-describedby="x-w-d"' in text
