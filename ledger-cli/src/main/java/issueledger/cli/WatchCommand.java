package issueledger.cli;

import issueledger.auditing.Answer;
import issueledger.auditing.Comparison;
import issueledger.auditing.TlogClient;
import issueledger.auditing.UnreadableInput;
import issueledger.auditing.Watch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./ledger watch}: an auditor's agent. */
@Command(
        name = "watch",
        description = {
            "Watches a log from outside: keeps the last checkpoint it saw, and at an interval checks that the log"
                + " still begins with its events. When the past changed, it rings, says which position is the first,"
                + " and ends with 1.",
            ""
        },
        footer = {
            "",
            "Beside FILE stand FILE.leaves (32 bytes an event, by which the changed position is found), without --key"
                    + " or --policy FILE.key (the key that the service named at the first look), and after an alarm"
                    + " FILE.conflict: the checkpoint that contradicts FILE. Keep both; they prove it to others.",
            "A service that is away is no alarm; watch says so and goes on.",
            "",
            "Exit codes: 1 the past changed, or the key did; with --once also 0 unchanged, 2 could not tell.",
            "",
            "Examples:",
            "  ./ledger watch http://localhost:8081 --key ledger.key --state ledger.checkpoint",
            "  ./ledger watch https://ledger.example/tlog --once --json || mail -s 'the ledger' auditor@example.org"
        })
final class WatchCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Parameters(
            paramLabel = "URL",
            description = "the query service's address, such as http://localhost:8081, or a log's prefix")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private String url;

    @Option(
            names = "--state",
            paramLabel = "FILE",
            description = "the file of the last checkpoint; by default watch-HOST.checkpoint in the current folder")
    private @Nullable Path state;

    @Option(names = "--interval", paramLabel = "SECONDS", description = "between two looks; ${DEFAULT-VALUE}")
    private long interval = 10;

    @Option(names = "--once", description = "looks once and ends")
    private boolean once;

    @Mixin
    private TrustOptions trust = new TrustOptions();

    @Mixin
    private TokenOption token = new TokenOption();

    @Mixin
    private AuditOutput output = new AuditOutput();

    @Override
    public Integer call() {
        if (interval < 1) {
            throw new ParameterException(spec.commandLine(), "--interval must be at least 1 second");
        }
        return output.run(() -> {
            TlogClient client = TlogClient.of(url, token.token());
            try (Watch watch = new Watch(client, trust.trust(), file(client), output.progress())) {
                return watch(watch);
            }
        });
    }

    private Path file(TlogClient client) {
        String host = client.prefix().getAuthority().replaceAll("[^A-Za-z0-9.-]", "-");
        return state == null ? Path.of("watch-" + host + ".checkpoint") : state;
    }

    private int watch(Watch watch) throws IOException {
        String said = "";
        while (true) {
            Comparison comparison = look(watch);
            if (once || !comparison.text().equals(said)) {
                said = comparison.text();
                say(comparison);
            }
            if (once || comparison.answer() == Answer.NOT_GOOD) {
                return comparison.answer().exitCode();
            }
            if (!pause()) {
                return Answer.CANNOT_TELL.exitCode();
            }
        }
    }

    private static Comparison look(Watch watch) throws IOException {
        try {
            return watch.look();
        } catch (UnreadableInput e) {
            return Comparison.cannotTell(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Comparison.cannotTell("interrupted");
        }
    }

    private void say(Comparison comparison) {
        if (comparison.answer() == Answer.NOT_GOOD && !output.isJson()) {
            output.print("\u0007"); // The bell.
        }
        if (!output.isJson()) {
            output.print(Instant.now().truncatedTo(ChronoUnit.SECONDS) + " ");
        }
        output.say(comparison);
    }

    private boolean pause() {
        try {
            Thread.sleep(Duration.ofSeconds(interval));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
