package issueledger.template;

import issueledger.events.Checks;
import issueledger.events.IssueEvent.PhasesPlanned;
import issueledger.events.PlannedPhase;
import issueledger.template.Label.Labelled;
import issueledger.template.Values.Phase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.node.Node;
import org.jspecify.annotations.Nullable;

/** Reads phases ({@code **Phase 1**: name (timeline)}) and their descriptions. */
final class PlanReader extends SectionReader {
    private static final Pattern NUMBERED = Pattern.compile(
            "\\s*(phase\\s+(\\d{1,9}))(\\s+description)?(.*)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern SEPARATOR = Pattern.compile("\\s*(?:[:：–—]|(?<=\\s)-(?=\\s|$))(.*)", Pattern.DOTALL);

    private final List<Text> phases = new ArrayList<>();
    private final Map<Integer, String> descriptions = new HashMap<>();

    PlanReader(Markdown document, Remarks remarks) {
        super(Section.PLAN, document, remarks);
    }

    @Override
    @Nullable
    Labelled label(String text) {
        return labelled(text, false);
    }

    @Override
    @Nullable
    Labelled boldLabel(String line) {
        return line.strip().equals(Decoration.withoutEmphasis(line))
                ? null
                : labelled(Decoration.withoutEmphasis(line), true);
    }

    @Override
    @Nullable
    Labelled headingLabel(String heading) {
        return labelled(Decoration.heading(heading), true);
    }

    /** @param bare whether it needs no colon or dash */
    private static @Nullable Labelled labelled(String text, boolean bare) {
        String mark = Decoration.mark(text);
        Matcher numbered = NUMBERED.matcher(text.substring(mark.length()));
        if (!numbered.matches() || numbered.group(4).matches("(?s)[\\p{L}\\p{N}].*")) {
            return null;
        }
        String rest = numbered.group(4);
        boolean marked = !mark.isEmpty();
        if (marked && rest.stripLeading().startsWith(mark)) {
            rest = rest.stripLeading().substring(mark.length());
            marked = false;
        }
        Matcher separated = SEPARATOR.matcher(rest);
        if (separated.matches()) {
            rest = separated.group(1).strip();
        } else if (!bare) {
            return null;
        }
        if (marked && rest.startsWith(mark)) {
            rest = rest.substring(mark.length());
        } else if (marked && rest.contains(mark)) {
            rest = Labelled.unmarked(mark, rest);
        } else if (marked) {
            return null;
        }
        String name = "phase " + numbered.group(2) + (numbered.group(3) == null ? "" : " description");
        return new Labelled(name, true, rest.strip());
    }

    @Override
    void take(Taken taken) {
        String name = taken.labelled().name();
        int number = Integer.parseInt(name.replaceAll("\\D", ""));
        Text whole = description(taken);
        String rest = Values.joined(taken.rest()).strip();
        if (name.endsWith("description")) {
            descriptions.put(
                    number, whole == null ? rest : rest.isEmpty() ? whole.text() : rest + "\n\n" + whole.text());
        } else if (Checks.isBlank(rest)) {
            remarks.note(
                    "Phase " + number + (whole == null ? "" : "\n\n" + whole.text()),
                    taken.line(),
                    "a phase without a name is kept as a PROGRESS note");
        } else if (remarks.isPlaceholder(new Text(rest, taken.line()))) {
            if (whole != null) {
                remarks.note(whole);
            }
        } else {
            phases.add(new Text(rest, taken.line()));
            if (number != phases.size()) {
                remarks.warn(
                        taken.line(),
                        "phase " + number + " becomes phase " + phases.size() + ": phases are numbered in their order");
            }
            if (whole != null) {
                descriptions.put(phases.size(), whole.text());
            }
        }
    }

    private @Nullable Text description(Taken taken) {
        List<Node> blocks = taken.blocks();
        if (blocks.isEmpty()) {
            return null;
        }
        String fenced = blocks.size() == 1 ? Markdown.fenced(blocks.get(0)) : null;
        return fenced == null
                ? written(blocks.get(0), blocks.get(blocks.size() - 1), taken)
                : new Text(fenced, document.line(blocks.get(0)), true);
    }

    List<PlannedPhase> phases() {
        List<PlannedPhase> planned = new ArrayList<>();
        for (int i = 0; i < phases.size(); i++) {
            Text text = phases.get(i);
            String description = descriptions.get(i + 1);
            remarks.checked(text.line(), () -> {
                Phase phase = Values.phase(text.text(), description);
                planned.add(phase.planned());
                if (phase.warning() != null) {
                    remarks.warn(text.line(), phase.warning());
                }
            });
        }
        descriptions.forEach((number, description) -> {
            if (number < 1 || number > phases.size()) {
                remarks.note(description, 1, "a description of a phase that is none is kept as a PROGRESS note");
            }
        });
        if (phases.size() > PhasesPlanned.MOST) {
            remarks.error(
                    phases.get(PhasesPlanned.MOST).line(),
                    "there are " + phases.size() + " phases; at most " + PhasesPlanned.MOST);
        }
        return planned;
    }
}
