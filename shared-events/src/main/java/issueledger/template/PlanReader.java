package issueledger.template;

import issueledger.events.Checks;
import issueledger.events.IssueEvent.PhasesPlanned;
import issueledger.events.PlannedPhase;
import issueledger.template.Label.Labelled;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.commonmark.node.Node;
import org.jspecify.annotations.Nullable;

/** Reads phases ({@code **Phase 1**: name (timeline)}) and their descriptions. */
final class PlanReader extends SectionReader {
    private final List<Text> phases = new ArrayList<>();
    private final Map<Integer, String> descriptions = new HashMap<>();
    private @Nullable Integer describes;

    PlanReader(Markdown document, Remarks remarks) {
        super(Section.PLAN, document, remarks);
    }

    @Override
    void read(List<Node> blocks) {
        describes = null;
        super.read(blocks);
    }

    @Override
    void readFenced(Text exact) {
        if (describes == null) {
            super.readFenced(exact);
        } else {
            descriptions.put(describes, exact.text());
            describes = null;
        }
    }

    @Override
    boolean takes(Labelled labelled) {
        return labelled.name().startsWith("phase ") && labelled.isKnown();
    }

    @Override
    void readLabelled(Labelled labelled, int line, @Nullable Item item) {
        String rest = labelled.rest();
        int number = Integer.parseInt(labelled.name().replaceAll("\\D", ""));
        Text description = item == null ? null : item.more();
        if (labelled.name().endsWith("description")) {
            describes = rest.isBlank() ? number : null;
            if (!rest.isBlank()) {
                descriptions.put(number, rest);
            }
        } else if (Checks.isBlank(rest)) {
            remarks.note("Phase " + number, line, "a phase without a name is kept as a PROGRESS note");
        } else if (!remarks.isPlaceholder(new Text(rest, line))) {
            phases.add(new Text(rest, line));
            if (number != phases.size()) {
                remarks.warn(
                        line,
                        "phase " + number + " becomes phase " + phases.size() + ": phases are numbered in their order");
            }
            if (description != null) {
                descriptions.put(phases.size(), description.text());
            }
        }
    }

    List<PlannedPhase> phases() {
        List<PlannedPhase> planned = new ArrayList<>();
        for (int i = 0; i < phases.size(); i++) {
            Text text = phases.get(i);
            String description = descriptions.get(i + 1);
            remarks.checked(text.line(), () -> planned.add(Values.phase(text.text(), description)));
        }
        if (phases.size() > PhasesPlanned.MOST) {
            remarks.error(
                    phases.get(PhasesPlanned.MOST).line(),
                    "there are " + phases.size() + " phases; at most " + PhasesPlanned.MOST);
        }
        return planned;
    }
}
