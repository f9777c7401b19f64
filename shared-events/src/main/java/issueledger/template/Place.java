package issueledger.template;

import issueledger.events.Checks;
import issueledger.events.EventJson;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A place for a text in the document. A text that reading a small document with it there takes for itself is written as it is. Any other is
 * written with a backslash before it, or wrapped ({@link Escaped}), or fenced; reading takes back exactly that.
 *
 * @param before the small document before the text
 * @param after the small document behind it
 * @param indent how far the text's lines after the first are indented
 */
record Place(String before, String after, int indent) {
    private static final String MARKER = "wq7x";
    private static final Pattern PLAIN = Pattern.compile("\\p{L}[\\p{L}\\p{N} ,.%']*");
    private static final Map<Place, Expected> EXPECTED = new ConcurrentHashMap<>();
    private static final Map<Label, Place> ITEMS = places(Place::ofItem);
    private static final Map<Label, Place> NESTED = places(Place::ofNested);
    private static final Map<Label, Place> BESIDE = places(Place::ofBeside);
    private static final Map<Label, Place> BLOCKS = places(Place::ofBlocks);

    private static final String TITLED = "# T\n\n## Issue Description\n\n";
    private static final String DESCRIBED = TITLED + "D\n\n";
    private static final String END = "\n\n## Related Files\n\n- `f`\n";

    static final Place TITLE = new Place("# ", "\n\n## Issue Description\n\nD\n", 0);
    static final Place DESCRIPTION = new Place(TITLED, "\n\n**Symptoms**:\n\n- s" + END, 0);
    static final Place ROOT_CAUSE =
            new Place(DESCRIBED + "## Root Cause\n\n", "\n\n**Contributing factors**:\n\n- f" + END, 0);
    static final Place APPROACH = new Place(
            DESCRIBED + "## Proposed Solution\n\n### Technical Approach\n\n",
            "\n\n**Code changes**:\n\n- c\n\n### Implementation Plan\n\n1. **Phase 1**: p" + END,
            0);
    static final Place PHASE_DESCRIPTION = new Place(
            DESCRIBED + "### Implementation Plan\n\n1. **Phase 1**: p\n\n   ", "\n2. **Phase 2**: q" + END, 3);
    static final Place PHASE_LIST =
            new Place(DESCRIBED + "### Implementation Plan\n\n1. **Phase 1**: p\n   ", "\n2. **Phase 2**: q" + END, 3);
    static final Place PROGRESS = new Place(
            DESCRIBED + "## Implementation Notes\n\n- a\n- ", "\n- z\n\n**Challenges encountered**:\n\n- c\n", 2);

    /** A template as JSON with the marker in it, and how many warnings it has. */
    private record Expected(String json, int warnings) {}

    private static Map<Label, Place> places(Function<Label, Place> place) {
        Map<Label, Place> places = new EnumMap<>(Label.class);
        for (Label label : Label.values()) {
            places.put(label, place.apply(label));
        }
        return places;
    }

    /** An item of the list under a label. */
    static Place item(Label label) {
        return Objects.requireNonNull(ITEMS.get(label));
    }

    /** An item of the list inside a label's own item. */
    static Place nested(Label label) {
        return Objects.requireNonNull(NESTED.get(label));
    }

    /** Beside a label. */
    static Place beside(Label label) {
        return Objects.requireNonNull(BESIDE.get(label));
    }

    /** The blocks under a label. */
    static Place blocks(Label label) {
        return Objects.requireNonNull(BLOCKS.get(label));
    }

    private static Place ofItem(Label label) {
        return new Place(section(label) + "**" + label.written() + "**:\n\n- a\n- ", "\n- z" + END, 2);
    }

    private static Place ofNested(Label label) {
        return new Place(section(label) + "- **" + label.written() + "**:\n  - a\n  - ", "\n  - z" + END, 4);
    }

    private static Place ofBeside(Label label) {
        String mark = label.section() == Section.DESCRIPTION ? "" : "- ";
        return new Place(section(label) + mark + "**" + label.written() + "**: ", END, 0);
    }

    private static Place ofBlocks(Label label) {
        return new Place(section(label) + "**" + label.written() + "**:\n\n", END, 0);
    }

    private static String section(Label label) {
        String described = "# T\n\n## Issue Description\n\nD\n\n";
        return switch (label.section()) {
            case ROOT_CAUSE -> described + "## Root Cause\n\nC\n\n";
            case IMPACT -> described + "## Impact Assessment\n\n**Severity**: High\n\n";
            case APPROACH -> described + "### Technical Approach\n\nA\n\n";
            case TESTING -> described + "## Testing Strategy\n\n";
            case NOTES -> described + "## Status\n\n- [x] **Fixed**\n\n## Implementation Notes\n\n";
            default -> described;
        };
    }

    /** Whether a text there is read as another one, or changes something beside it. */
    boolean misreads(String text) {
        boolean plain = text.length() <= Checks.LINE_LENGTH
                && PLAIN.matcher(text).matches()
                && !Values.isNothing(text)
                && text.equals(text.strip());
        return !plain && !isRead(text);
    }

    private boolean isRead(String text) {
        Expected expected = EXPECTED.computeIfAbsent(this, Place::expected);
        String document = before + indented(text, indent) + after;
        Reading reading = TemplateReader.read(document);
        return reading.template() != null
                && reading.warnings().size() == expected.warnings()
                && !(text.contains("]:") && new Markdown(document).hasDefinitions())
                && json(reading.template()).equals(expected.json().replace('"' + MARKER + '"', quoted(text)));
    }

    /** With the lines after the first indented. */
    static String indented(String text, int columns) {
        return text.replaceAll("\n(?=[^\n])", "\n" + " ".repeat(columns));
    }

    private static Expected expected(Place place) {
        Reading reading = TemplateReader.read(place.before + MARKER + place.after);
        return new Expected(
                json(Objects.requireNonNull(reading.template())),
                reading.warnings().size());
    }

    private static String json(Template template) {
        return EventJson.MAPPER.writeValueAsString(template);
    }

    private static String quoted(String text) {
        return EventJson.MAPPER.writeValueAsString(text);
    }

    /** A text of one line as it is written there. */
    String encoded(String line) {
        return !misreads(line) ? line : isOnlyWrapped(line) ? Escaped.wrap(line) : "\\" + line;
    }

    private static boolean isOnlyWrapped(String line) {
        return !line.equals(line.strip()) || line.endsWith("\\") || line.endsWith("#");
    }

    /** The inverse of {@link #encoded}; exact where something is taken back. */
    Text decoded(String written, int line) {
        if (!written.startsWith("\\") || written.indexOf('\n') >= 0 || written.length() > 3 * Checks.TEXT_LENGTH) {
            return new Text(written, line);
        }
        if (written.endsWith("\\")) {
            String wrapped = Escaped.isWhole(written) ? Escaped.unwrap(written) : "";
            boolean taken = isOnlyWrapped(wrapped) && !wrapped.isEmpty() && misreads(wrapped);
            return taken ? new Text(wrapped, line, true) : new Text(written, line);
        }
        // Backslashes before a text change nothing about its being misread.
        String rest = written.replaceFirst("^\\\\+", "");
        return !isOnlyWrapped(rest) && misreads(rest)
                ? new Text(written.substring(1), line, true)
                : new Text(written, line);
    }
}
