package issueledger.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import issueledger.events.InvalidValue.Offence;
import issueledger.events.IssueEvent.ImpactAssessed;
import issueledger.events.IssueEvent.IssueClosed;
import issueledger.events.IssueEvent.LabelsChanged;
import issueledger.events.IssueEvent.MetricRecorded;
import issueledger.events.IssueEvent.PhasesPlanned;
import issueledger.events.IssueEvent.TestRunRecorded;
import issueledger.events.IssueEvent.TestingStrategyDefined;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The kinds of values of docs/commands.md, at their edges and beyond. */
class ChecksTest {
    private static final String TURTLE = "\uD83D\uDC22";

    @Nested
    @DisplayName("A line")
    class Line {

        @ParameterizedTest
        @ValueSource(strings = {"x", " x ", "„naïve“ 直す", "a\u00A0b", "\u200B", "a\uFEFF", "<b>&amp;</b>", TURTLE})
        void is_kept_as_given(String value) {
            assertThat(kept(c -> c.line("/x", value))).isEqualTo(value);
        }

        @Test
        void has_at_most_200_characters_counted_as_code_points() {
            assertThat(kept(c -> c.line("/x", TURTLE.repeat(200)))).hasSize(400);
            assertThat(offences(c -> c.line("/x", TURTLE.repeat(201))))
                    .containsExactly(new Offence("/x", "has 201 characters; at most 200"));
            assertThat(kept(c -> c.line("/x", "a".repeat(200)))).hasSize(200);
            assertThat(pointers(c -> c.line("/x", "a".repeat(201)))).containsExactly("/x");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", " ", "   ", "\u00A0", "\u3000", "\u2003 "})
        void is_not_blank(String value) {
            assertThat(offences(c -> c.line("/x", value))).containsExactly(new Offence("/x", "must not be blank"));
        }

        @ParameterizedTest
        @ValueSource(ints = {0x00, 0x09, 0x0A, 0x0B, 0x0D, 0x1B, 0x1F, 0x7F, 0x85, 0x9F, 0x2028, 0x2029})
        void has_no_line_break_and_no_control_character(int character) {
            String value = "a" + Character.toString(character) + "b";

            assertThat(offences(c -> c.line("/x", value)))
                    .containsExactly(
                            new Offence("/x", String.format("must not contain the character U+%04X", character)));
        }

        @ParameterizedTest
        @ValueSource(strings = {"a\uD83D", "\uDC22a", "a\uDC22\uD83Db", "\uD83D\uD83D\uDC22"})
        void has_no_unpaired_surrogate(String value) {
            assertThat(pointers(c -> c.line("/x", value))).containsExactly("/x");
        }

        @Test
        void is_required_unless_it_is_optional() {
            assertThat(offences(c -> c.line("/x", null))).containsExactly(new Offence("/x", "is required"));
            assertThat(kept(c -> c.optionalLine("/x", null))).isNull();
            assertThat(pointers(c -> c.optionalLine("/x", " "))).containsExactly("/x");
        }

        @Test
        void may_be_shorter_by_its_fields_rule() {
            assertThat(kept(c -> c.line("/unit", "u".repeat(20), 20))).hasSize(20);
            assertThat(pointers(c -> c.line("/unit", "u".repeat(21), 20))).containsExactly("/unit");
        }
    }

    @Nested
    @DisplayName("A text")
    class Text {

        @ParameterizedTest
        @CsvSource({"'a\r\nb','a\nb'", "'a\rb','a\nb'", "'a\r\r\nb','a\n\nb'", "'a\n\rb','a\n\nb'", "'a\r','a\n'"})
        void keeps_every_kind_of_line_break_as_a_line_feed(String given, String kept) {
            assertThat(kept(c -> c.text("/x", given))).isEqualTo(kept);
        }

        @Test
        void may_have_line_breaks_and_tabs_and_is_not_trimmed() {
            assertThat(kept(c -> c.text("/x", "\n\ta\n  \n"))).isEqualTo("\n\ta\n  \n");
        }

        @Test
        void has_at_most_20_000_characters_once_its_line_breaks_are_line_feeds() {
            assertThat(kept(c -> c.text("/x", "x\r\n".repeat(10_000)))).hasSize(20_000);
            assertThat(offences(c -> c.text("/x", "x\r\n".repeat(10_000) + "x")))
                    .containsExactly(new Offence("/x", "has 20001 characters; at most 20000"));
            assertThat(kept(c -> c.text("/x", TURTLE.repeat(20_000)))).hasSize(40_000);
            assertThat(pointers(c -> c.text("/x", TURTLE.repeat(20_001)))).containsExactly("/x");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "\n", " \t\r\n ", "\u3000\n"})
        void is_not_blank(String value) {
            assertThat(offences(c -> c.text("/x", value))).containsExactly(new Offence("/x", "must not be blank"));
        }

        @ParameterizedTest
        @ValueSource(ints = {0x00, 0x08, 0x0B, 0x0C, 0x1B, 0x7F, 0x85, 0x2028, 0x2029, 0xD83D, 0xDC22})
        void has_no_other_control_character(int character) {
            assertThat(pointers(c -> c.text("/x", "a" + (char) character + "b")))
                    .containsExactly("/x");
        }

        @Test
        void may_break_two_rules_at_once() {
            assertThat(offences(c -> c.text("/x", "\u0000".repeat(20_001))))
                    .extracting(Offence::detail)
                    .containsExactly("has 20001 characters; at most 20000", "must not contain the character U+0000");
        }
    }

    @Nested
    @DisplayName("A list")
    class Lists {

        @Test
        void is_empty_when_it_is_not_given() {
            assertThat(keptList(c -> c.lines("/x", null))).isEmpty();
            assertThat(keptList(c -> c.texts("/x", null))).isEmpty();
        }

        @Test
        void has_at_most_100_items() {
            assertThat(keptList(c -> c.lines("/x", Collections.nCopies(100, "a"))))
                    .hasSize(100);
            assertThat(offences(c -> c.lines("/x", Collections.nCopies(101, "a"))))
                    .containsExactly(new Offence("/x", "has 101 items; at most 100"));
        }

        @Test
        void names_each_bad_item_by_its_place() {
            assertThat(offences(c -> c.lines("/x", Arrays.asList("a", null, " ", "b\n"))))
                    .containsExactly(
                            new Offence("/x/1", "is required"),
                            new Offence("/x/2", "must not be blank"),
                            new Offence("/x/3", "must not contain the character U+000A"));
        }

        @Test
        void of_texts_keeps_line_feeds_in_each() {
            assertThat(keptList(c -> c.texts("/x", List.of("a\r\nb", "c")))).containsExactly("a\nb", "c");
        }

        @Test
        void of_labels_counts_one_given_twice_once_in_the_order_of_the_first() {
            assertThat(keptList(c -> c.labels("/x", List.of("b", "a", "b", "A"))))
                    .containsExactly("b", "a", "A");
        }
    }

    @Nested
    @DisplayName("A decimal")
    class Decimal {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "0",
                    "0.00",
                    "15",
                    "15.0",
                    "1.10",
                    "-3.250",
                    "999999999999999",
                    "-999999999999999",
                    "999999999999999.999",
                    "0.000000000000000001",
                    "123456789.012345678",
                    "1.000000000000000000"
                })
        void is_kept_exactly_as_written(String value) {
            assertThat(keptDecimal(c -> c.decimal("/x", new BigDecimal(value))).toPlainString())
                    .isEqualTo(value);
        }

        @ParameterizedTest
        @CsvSource({
            "1E+2,100",
            "1.5E3,1500",
            "1E-3,0.001",
            "0E+5,0",
            "0E-400,0",
            "2.50000000000000000000,2.5",
            "1E+14,100000000000000"
        })
        void is_kept_plain_and_short_where_it_was_not(String value, String kept) {
            assertThat(keptDecimal(c -> c.decimal("/x", new BigDecimal(value))).toPlainString())
                    .isEqualTo(kept);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "1000000000000000",
                    "-1000000000000000",
                    "1E+15",
                    "1E+999999999",
                    "1E-999999999",
                    "999999999999999.9999",
                    "1.000000000000000001",
                    "0.0000000000000000001",
                    "1E-19",
                    "1234567890.123456789"
                })
        void beyond_its_digits_or_its_magnitude_is_refused(String value) {
            assertThat(pointers(c -> c.decimal("/x", new BigDecimal(value)))).containsExactly("/x");
        }

        @Test
        void is_required() {
            assertThat(offences(c -> c.decimal("/x", null))).containsExactly(new Offence("/x", "is required"));
        }

        @Test
        void of_fifteen_equals_fifteen_point_nought_as_a_percentage() {
            AffectedUsers one = new AffectedUsers("all", new BigDecimal("15"), 1L);
            AffectedUsers other = new AffectedUsers("all", new BigDecimal("15.0"), 1L);

            assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
            assertThat(one).isNotEqualTo(new AffectedUsers("all", new BigDecimal("15.1"), 1L));
        }
    }

    @Nested
    @DisplayName("A URL")
    class Url {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "http://example.com",
                    "HTTPS://example.com/a?b=c&d=%20#e",
                    "https://user@example.com:8443/",
                    "http://[2001:db8::1]:80/",
                    "https://example.com/ü"
                })
        void is_kept_as_given(String url) {
            assertThat(kept(c -> c.optionalUrl("/url", url))).isEqualTo(url);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "example.com",
                    "/path",
                    "ftp://example.com",
                    "javascript:alert(1)",
                    "http:",
                    "http://",
                    "https:///path",
                    "http://:80/",
                    "http://user@/",
                    "http:example.com",
                    "https://example.com/a b"
                })
        void of_another_kind_is_refused(String url) {
            assertThat(offences(c -> c.optionalUrl("/url", url)))
                    .containsExactly(new Offence("/url", "must be an http or https URL"));
        }

        @Test
        void that_breaks_a_line_is_one_offence() {
            assertThat(pointers(c -> c.optionalUrl("/url", "https://example.com/\n")))
                    .containsExactly("/url");
        }

        @Test
        void may_be_absent() {
            assertThat(kept(c -> c.optionalUrl("/url", null))).isNull();
        }
    }

    @Nested
    @DisplayName("An issue id")
    class IssueId {

        @ParameterizedTest
        @ValueSource(strings = {"a", "7", "Orders_2026.02-x", "019c5b2e-0000-7000-8000-000000000001"})
        void is_kept_as_given(String id) {
            assertThat(kept(c -> c.issueId("/id", id))).isEqualTo(id);
        }

        @Test
        void has_at_most_64_characters() {
            assertThat(kept(c -> c.issueId("/id", "a".repeat(64)))).hasSize(64);
            assertThat(pointers(c -> c.issueId("/id", "a".repeat(65)))).containsExactly("/id");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", ".a", "-a", "_a", "a b", "a/b", "a\n", "ä", "a\u0660", "a\u0000"})
        void of_another_pattern_is_refused(String id) {
            assertThat(pointers(c -> c.issueId("/id", id))).containsExactly("/id");
        }

        @Test
        void is_required() {
            assertThat(pointers(c -> c.issueId("/id", null))).containsExactly("/id");
        }
    }

    @Nested
    @DisplayName("A value")
    class Value {

        @Test
        void names_all_its_offences_at_once() {
            assertThat(offencesOf(() -> new MetricRecorded(
                            null, " ", null, "u".repeat(21), new BigDecimal("1E+15"), "a\nb", null, null, "")))
                    .extracting(Offence::pointer)
                    .containsExactly("/kind", "/name", "/statistic", "/unit", "/value", "/environment", "/source");
        }

        @Test
        void inside_another_names_the_places_in_itself() {
            assertThat(offencesOf(() -> new Description(null, List.of(" "), List.of("a", "\t"), " ", null)))
                    .extracting(Offence::pointer)
                    .containsExactly(
                            "/text", "/symptoms/0", "/affectedFeatures/1", "/affectedFeatures/1", "/userImpact");
            assertThat(new Offence("/text", "is required").under("/description").pointer())
                    .isEqualTo("/description/text");
        }

        @Test
        void of_a_percentage_is_from_0_to_100() {
            for (String edge : List.of("0", "100", "100.00")) {
                assertThat(new AffectedUsers(null, new BigDecimal(edge), null).percentage())
                        .hasToString(edge);
            }
            for (String beyond : List.of("-0.1", "100.1")) {
                assertThat(offencesOf(() -> new AffectedUsers(null, new BigDecimal(beyond), null)))
                        .containsExactly(new Offence("/percentage", "must be from 0 to 100"));
            }
        }

        @Test
        void of_a_count_is_not_negative() {
            assertThat(offencesOf(() -> new TestRunRecorded(
                            TestKind.UNIT, TestOutcome.PASSED, 0L, -1L, Long.MAX_VALUE, null, null)))
                    .containsExactly(new Offence("/failed", "must not be negative"));
        }

        @Test
        void of_a_phase_does_not_end_before_it_starts() {
            LocalDate day = LocalDate.parse("2026-02-14");

            assertThat(new PlannedPhase("Fix", null, null, day, day).plannedEnd())
                    .isEqualTo(day);
            assertThat(offencesOf(() -> new PlannedPhase("Fix", null, null, day, day.minusDays(1))))
                    .containsExactly(new Offence("/plannedEnd", "must not be before plannedStart"));
        }

        @Test
        void of_a_plan_has_1_to_20_phases() {
            PlannedPhase phase = new PlannedPhase("Fix", null, null, null, null);

            assertThat(new PhasesPlanned(Collections.nCopies(20, phase)).phases())
                    .hasSize(20);
            assertThat(offencesOf(() -> new PhasesPlanned(Collections.nCopies(21, phase))))
                    .extracting(Offence::pointer)
                    .containsExactly("/phases");
            assertThat(offencesOf(() -> new PhasesPlanned(List.of())))
                    .extracting(Offence::pointer)
                    .containsExactly("/phases");
            assertThat(offencesOf(() -> new PhasesPlanned(null)))
                    .containsExactly(new Offence("/phases", "is required"));
            assertThat(offencesOf(() -> new PhasesPlanned(Arrays.asList(phase, null))))
                    .containsExactly(new Offence("/phases/1", "is required"));
        }

        @Test
        void of_a_testing_strategy_names_at_least_one_test() {
            assertThat(offencesOf(() -> new TestingStrategyDefined(null, List.of(), null, null)))
                    .containsExactly(new Offence("", "needs at least one test"));
        }

        @Test
        void of_a_closing_names_the_duplicate_exactly_when_it_is_one() {
            assertThat(offencesOf(() -> new IssueClosed(Resolution.DUPLICATE, null, null)))
                    .containsExactly(new Offence("/duplicateOf", "is required for DUPLICATE"));
            assertThat(offencesOf(() -> new IssueClosed(Resolution.WONT_FIX, "other", null)))
                    .containsExactly(new Offence("/duplicateOf", "is only for DUPLICATE"));
        }

        @Test
        void of_labels_does_not_add_what_it_removes() {
            assertThat(offencesOf(() -> new LabelsChanged(List.of("a", "b"), List.of("c", "b"))))
                    .containsExactly(new Offence("/remove/1", "is also in add"));
        }

        @Test
        void given_with_lists_does_not_change_with_them() {
            List<String> given = new ArrayList<>(List.of("restart"));
            ImpactAssessed impact = new ImpactAssessed(Severity.LOW, null, null, given);
            given.add("pray");

            assertThat(impact.workarounds()).containsExactly("restart");
        }
    }

    private interface Making {
        Object make();
    }

    private static <T> T checked(Function<Checks, T> check) {
        Checks checks = new Checks();
        T value = check.apply(checks);
        checks.done();
        return value;
    }

    private static @Nullable String kept(Function<Checks, @Nullable String> check) {
        return checked(check);
    }

    private static List<String> keptList(Function<Checks, List<String>> check) {
        return checked(check);
    }

    private static BigDecimal keptDecimal(Function<Checks, BigDecimal> check) {
        return checked(check);
    }

    private static List<Offence> offences(Function<Checks, ?> check) {
        return offencesOf(() -> checked(check));
    }

    private static List<String> pointers(Function<Checks, ?> check) {
        return offences(check).stream().map(Offence::pointer).toList();
    }

    private static List<Offence> offencesOf(Making making) {
        Throwable thrown = catchThrowable(making::make);
        assertThat(thrown).isInstanceOf(InvalidValue.class);
        return ((InvalidValue) thrown).offences();
    }
}
