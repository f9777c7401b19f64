package issueledger.command;

import issueledger.admission.Traffic;
import issueledger.log.EventLog;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Tells admission about commands. */
@Component
class CommandTraffic implements Traffic {
    private static final Sample OPENING = new Sample(
            "POST",
            "/issues",
            "dry-run=true",
            "{\"id\":\"warm-up\",\"title\":\"Slow\",\"description\":{\"text\":\"More than 5 s.\",\"endpoints\":[\"GET"
                    + " /\"]}}");

    private final EventLog log;

    CommandTraffic(EventLog log) {
        this.log = log;
    }

    @Override
    public Lane laneOf(String path, @Nullable String query) {
        return path.equals("/commands") ? Lane.LONG : Lane.SINGLE;
    }

    @Override
    public int singleBytes() {
        return 512 * 1024;
    }

    @Override
    public int longBytes() {
        return 256 * 1024;
    }

    /** An opening, and a note on the first issue of the log if there is one. */
    @Override
    public List<Sample> samples() {
        List<Sample> samples = new ArrayList<>(List.of(OPENING));
        log.read(0, 1).stream().map(event -> "/issues/" + event.stream()).forEach(issue -> {
            samples.add(new Sample(
                    "POST",
                    issue + "/record-note",
                    "dry-run=true",
                    "{\"kind\":\"PROGRESS\",\"text\":\"It is faster.\"}"));
            samples.add(new Sample("GET", issue + "/allowed-commands", "", ""));
        });
        return samples;
    }
}
