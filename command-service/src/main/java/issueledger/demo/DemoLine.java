package issueledger.demo;

import issueledger.events.EventJson;
import issueledger.events.Rfc3339;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/**
 * A command of the demo.
 *
 * @param ago how long before the demo's present it takes effect
 * @param body its body, in which {@code "day:P7D"} stands for the UTC day a week before the demo's present and {@code "time:P7D"} for
 *     the instant
 */
record DemoLine(String issueId, String actor, Duration ago, String command, ObjectNode body) {
    private static final Pattern MOMENT = Pattern.compile("\"(day|time):(P[0-9DTHM]+)\"");

    /** The lines of demo.ndjson. A line's number is part of its key, so lines are added at the end only. */
    static List<DemoLine> all() {
        try (InputStream resource = DemoLine.class.getResourceAsStream("/demo.ndjson")) {
            if (resource == null) {
                throw new IllegalStateException("demo.ndjson is not in the program");
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> EventJson.MAPPER.readValue(line, DemoLine.class))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Instant at(Instant present) {
        return present.minus(ago);
    }

    /** The body as a client would have sent it. */
    ObjectNode bodyAt(Instant present) {
        String text = MOMENT.matcher(EventJson.MAPPER.writeValueAsString(body)).replaceAll(m -> moment(m, present));
        return EventJson.MAPPER.readValue(text, ObjectNode.class).put("effectiveAt", Rfc3339.format(at(present)));
    }

    private static String moment(MatchResult match, Instant present) {
        String time = Rfc3339.format(present.minus(Duration.parse(match.group(2))));
        return '"' + (match.group(1).equals("day") ? time.substring(0, 10) : time) + '"';
    }
}
