package issueledger.timeline;

import static issueledger.query.Happenings.note;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.IssueEvent;
import issueledger.events.IssueEvent.IssueClosed;
import issueledger.events.IssueEvent.LabelsChanged;
import issueledger.events.IssueEvent.MetricWithdrawn;
import issueledger.events.MetricKind;
import issueledger.events.Resolution;
import issueledger.query.Happenings;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TitlesTest {
    static Stream<IssueEvent> everything() {
        return Happenings.everything().stream();
    }

    @Test
    void everything_has_every_type_of_event() {
        assertThat(everything().<Class<?>>map(IssueEvent::getClass).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(IssueEvent.class.getPermittedSubclasses());
    }

    @ParameterizedTest
    @MethodSource("everything")
    void a_title_is_one_readable_line(IssueEvent event) {
        assertThat(Titles.of(event)).matches("\\S.{3,158}\\S").doesNotContain("null", "[", "=");
    }

    @Test
    void a_title_says_what_happened() {
        assertThat(Titles.of(Happenings.OPENED)).isEqualTo("Opened: Slow data processing");
        assertThat(Titles.of(new LabelsChanged(List.of("a", "b"), List.of("c"))))
                .isEqualTo("Labels added a, b; removed c");
        assertThat(Titles.of(new IssueClosed(Resolution.DUPLICATE, "i-7", List.of())))
                .isEqualTo("Closed: DUPLICATE of i-7");
        assertThat(Titles.of(Happenings.latency(MetricKind.BASELINE, "0.000000000000000001")))
                .isEqualTo("BASELINE latency P95 (production): 0.000000000000000001 ms");
        assertThat(Titles.of(new MetricWithdrawn(3))).isEqualTo("Metric record 3 withdrawn");
    }

    @Test
    void line_breaks_and_tabs_become_blanks() {
        assertThat(Titles.of(note(1, "One\n\n\tTwo "))).isEqualTo("DECISION: One Two");
    }

    @Test
    void a_long_title_is_cut_between_characters() {
        String title = Titles.of(note(1, "🐌".repeat(500)));

        assertThat(title.codePointCount(0, title.length())).isEqualTo(160);
        assertThat(title).endsWith("🐌…");
    }
}
