package issueledger.issues;

import issueledger.events.Description;
import issueledger.events.IssueEvent.RootCauseRecorded;
import issueledger.events.IssueEvent.SolutionProposed;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The words of a text search: runs of letters and digits, case-folded. */
final class Words {
    private Words() {}

    static Set<String> of(String text) {
        Set<String> words = new LinkedHashSet<>();
        addTo(words, text);
        return words;
    }

    private static void addTo(Set<String> words, String text) {
        StringBuilder word = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (Character.isLetterOrDigit(c)) {
                word.appendCodePoint(c);
            } else {
                end(word, words);
            }
        });
        end(word, words);
    }

    /** Folds a whole word, since the lower case of a capital may contain marks that are not letters. */
    private static void end(StringBuilder word, Set<String> words) {
        if (word.isEmpty()) {
            return;
        }
        // Lower, upper, lower again: merges letters that differ in one case only (both small sigmas, the capital sharp
        // s).
        String upper = word.toString().toLowerCase(Locale.ROOT).toUpperCase(Locale.ROOT);
        word.setLength(0);
        upper.codePoints().forEach(c -> word.appendCodePoint(Character.toLowerCase(c)));
        words.add(word.toString());
        word.setLength(0);
    }

    /** The distinct words of title, description, root cause, solution and notes. */
    static Set<String> of(IssueView view) {
        Set<String> words = new LinkedHashSet<>();
        addTo(words, view.title());
        Description description = view.description();
        if (description != null) {
            addTo(words, description.text());
            addAll(words, description.symptoms());
            addAll(words, description.affectedFeatures());
            addAll(words, description.endpoints());
            if (description.userImpact() != null) {
                addTo(words, description.userImpact());
            }
        }
        RootCauseRecorded cause = view.rootCause();
        if (cause != null) {
            addTo(words, cause.technicalCause());
            addAll(words, cause.contributingFactors());
            addAll(words, cause.triggerConditions());
        }
        SolutionProposed solution = view.solution();
        if (solution != null) {
            addTo(words, solution.approach());
            addAll(words, solution.codeChanges());
            addAll(words, solution.architectureModifications());
            addAll(words, solution.schemaUpdates());
            addAll(words, solution.expectedImprovements());
        }
        view.notes().forEach(note -> addTo(words, note.text()));
        return words;
    }

    /**
     * The words of an issue that had some before.
     *
     * @param before the words of {@code old}; returned itself if they are still the same
     */
    @SuppressWarnings("ReferenceEquality") // A fold replaces what it changes.
    static Set<String> of(IssueView view, IssueView old, Set<String> before) {
        List<IssueView.Note> notes = view.notes();
        int known = old.notes().size();
        boolean extended = view.title().equals(old.title())
                && view.description() == old.description()
                && view.rootCause() == old.rootCause()
                && view.solution() == old.solution()
                && notes.size() >= known;
        for (int i = 0; extended && i < known; i++) {
            extended = notes.get(i) == old.notes().get(i);
        }
        Set<String> words;
        if (extended) {
            words = new LinkedHashSet<>(before);
            notes.subList(known, notes.size()).forEach(note -> addTo(words, note.text()));
        } else {
            words = of(view);
        }
        return words.equals(before) ? before : words;
    }

    private static void addAll(Set<String> words, List<String> texts) {
        texts.forEach(text -> addTo(words, text));
    }
}
