package issueledger.issues;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.IssueEvent;
import issueledger.issues.IssueView.Occurrence;
import issueledger.query.Happenings;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WordsTest {
    @ParameterizedTest
    @CsvSource({
        "Slow data processing, slow|data|processing",
        "POST /api/v2/data_process, post|api|v2|data|process",
        "'p95: 5,200ms', p95|5|200ms",
        "the The THE, the",
        "Straße, strasse",
        "ΣΊΣΥΦΟΣ Σίσυφος, σίσυφοσ",
        "'日本語 テスト', 日本語|テスト",
        "٣ apples, ٣|apples",
        "𝒳-ray 𐐀𐐁, 𝒳|ray|𐐨𐐩",
        "don't, don|t"
    })
    void words_are_runs_of_letters_and_digits_case_folded(String text, String words) {
        assertThat(Words.of(text)).containsExactly(words.split("\\|"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ".*+?[](){}^$|\\", "…—·", "🐌"})
    void what_has_no_letter_and_no_digit_has_no_word(String text) {
        assertThat(Words.of(text)).isEmpty();
    }

    @Test
    void a_word_whose_capitals_need_marks_stays_one_word() {
        assertThat(Words.of("ταΐζω")).hasSize(1);
    }

    @Test
    void an_issue_is_found_by_all_its_texts_but_not_by_names_and_labels() {
        Set<String> words = Words.of(view(
                Happenings.OPENED,
                Happenings.ROOT_CAUSE,
                Happenings.SOLUTION,
                Happenings.note(1, "Decided"),
                new IssueEvent.IssueAssigned("grace"),
                Happenings.FIXED));

        assertThat(words)
                .contains(
                        "slow",
                        "takes",
                        "time",
                        "outs",
                        "import",
                        "wait",
                        "post",
                        "query",
                        "index",
                        "rows",
                        "batch",
                        "repository",
                        "cache",
                        "created",
                        "p95",
                        "decided")
                .doesNotContain("grace", "performance", "ada", "2", "open", "DECISION", "decision");
        assertThat(words).startsWith("slow", "data", "processing");
    }

    @Test
    void an_issue_without_a_word_has_none() {
        assertThat(Words.of(view(Happenings.opened("…", "🐌")))).isEmpty();
    }

    private static IssueView view(IssueEvent... events) {
        IssueView view = IssueView.of("i-1");
        return view.apply(Arrays.asList(events), new Occurrence(1, 1, Instant.EPOCH, Instant.EPOCH, "ada"));
    }
}
