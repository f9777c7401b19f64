package issueledger.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import issueledger.events.EventJson;
import issueledger.http.Problem;
import issueledger.log.EventLog;
import issueledger.log.RecordedEvent;
import issueledger.startup.StartupFailure;
import issueledger.web.bulk.CommandLines;
import issueledger.web.bulk.CommandLines.CommandLine;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.stereotype.Component;

/**
 * Loads the example issues before the service is ready, once: each line's key is in the log with its commit, and a later start, or one
 * after a kill, goes on behind the last. A ledger with other issues is refused.
 */
@Component
@ConditionalOnBooleanProperty("issue-ledger.demo")
class Demo implements ApplicationRunner {
    private static final Logger LOG = LoggerFactory.getLogger(Demo.class);

    private static final String DOCUMENT_ISSUE = "demo-orders-list";
    private static final String DOCUMENT_ACTOR = "mara";
    private static final String DOCUMENT_KEY = "demo-document";
    private static final int PAGE = 1_000;

    private final CommandLines commands;
    private final EventLog log;
    private final Clock clock;
    private final List<DemoLine> lines;

    @Autowired
    Demo(CommandLines commands, EventLog log, Clock clock) {
        this(commands, log, clock, DemoLine.all());
    }

    Demo(CommandLines commands, EventLog log, Clock clock, List<DemoLine> lines) {
        this.commands = commands;
        this.log = log;
        this.clock = clock;
        this.lines = lines;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        requireNoOtherIssue();
        Instant present = present();
        for (int number = 1; number <= lines.size(); number++) {
            if (recorded(number).isEmpty()) {
                submit(number, present);
            }
        }
        openFromDocument();
        LOG.info("The demo is loaded: its {} commands and its document are in the log", lines.size());
    }

    /** Examples among real issues could not be taken out again. */
    private void requireNoOtherIssue() {
        Set<String> own = lines.stream().map(DemoLine::issueId).collect(Collectors.toCollection(HashSet::new));
        own.add(DOCUMENT_ISSUE);
        for (List<RecordedEvent> page = log.read(0, PAGE);
                !page.isEmpty();
                page = log.read(page.getLast().position(), PAGE)) {
            for (RecordedEvent event : page) {
                if (!own.contains(event.stream())) {
                    throw new StartupFailure("The demo cannot be loaded: this ledger holds another issue, "
                            + event.stream() + ". Start without --demo, or set ISSUE_LEDGER_DATA_DIR to an empty"
                            + " directory.");
                }
            }
        }
    }

    private void openFromDocument() {
        if (log.findByIdempotencyKey(DOCUMENT_ACTOR, DOCUMENT_KEY).isPresent()) {
            return;
        }
        try (InputStream document = Demo.class.getResourceAsStream("/demo.md")) {
            if (document == null) {
                throw new StartupFailure("The demo's document is not in the program");
            }
            commands.submitDocument(
                    DOCUMENT_ISSUE, DOCUMENT_ACTOR, DOCUMENT_KEY, new String(document.readAllBytes(), UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Problem e) {
            if (log.findByIdempotencyKey(DOCUMENT_ACTOR, DOCUMENT_KEY).isEmpty()) {
                throw new StartupFailure("The demo cannot be loaded: its document, for " + DOCUMENT_ISSUE
                        + ", was refused: " + e.getMessage());
            }
        }
    }

    /** Time that the offsets count from: the first start with the demo, so that a later start continues the same story. */
    private Instant present() {
        return recorded(1)
                .map(first -> EventJson.readMetadata(first.metadata())
                        .effectiveAt(first.recordedAt())
                        .plus(lines.get(0).ago()))
                .orElseGet(() -> clock.instant().truncatedTo(ChronoUnit.MILLIS));
    }

    private void submit(int number, Instant present) {
        DemoLine line = lines.get(number - 1);
        try {
            commands.submit(
                    new CommandLine(line.command(), line.issueId(), line.actor(), key(number), line.bodyAt(present)));
        } catch (Problem e) {
            // Another service that loads the same demo may have been faster.
            if (recorded(number).isEmpty()) {
                throw new StartupFailure("The demo cannot be loaded: its line " + number + ", " + line.command()
                        + " of " + line.issueId() + ", was refused: " + e.getMessage());
            }
        }
    }

    private Optional<RecordedEvent> recorded(int number) {
        return log.findByIdempotencyKey(lines.get(number - 1).actor(), key(number))
                .map(commit -> commit.events().get(0));
    }

    private static String key(int number) {
        return "demo-" + number;
    }
}
