package issueledger.cli;

import issueledger.auditing.Comparison;
import issueledger.auditing.OldCheckpoint;
import issueledger.auditing.TlogClient;
import issueledger.proof.SignedNote;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./ledger consistency}: whether the log still begins with the events of a kept checkpoint. */
@Command(
        name = "consistency",
        description = {
            "Tells whether a log still begins with the events of a checkpoint that you kept, or whether its past was"
                    + " changed, and where.",
            ""
        },
        footer = {
            "",
            "Compared with OLD is, as you give it:",
            "  URL          the log that a service serves now, by its tiles",
            "  NEW URL      the tree of a second checkpoint, by that log's tiles",
            "  NEW          a second checkpoint alone, which tells only where both are of one size",
            "  --export     the events of an export from position 1, offline",
            "  nothing      the log itself (--log), whose services may be stopped",
            "",
            "The first changed position is named where the old leaves are there: beside a file that ./ledger watch"
                    + " keeps, or by an export that was made before (--earlier). Without them,"
                    + " the signed checkpoints that a URL's service still lists narrow it down.",
            "",
            "Exit codes: 0 it does, 1 the past was changed, 2 could not tell.",
            "",
            "Examples:",
            "  curl -s http://localhost:8081/tlog/checkpoint > monday.checkpoint",
            "  ./ledger consistency monday.checkpoint http://localhost:8081 --key ledger.key",
            "  ./ledger consistency monday.checkpoint --log data/events.db"
        })
final class ConsistencyCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "OLD", description = "the file of the checkpoint that you kept")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Path old;

    @Parameters(
            index = "1..*",
            arity = "0..2",
            paramLabel = "NEW|URL",
            description = "the file of a second checkpoint, and the log's address, such as http://localhost:8081")
    private List<String> later = new ArrayList<>();

    @Option(names = "--export", paramLabel = "FILE", description = "an export from position 1 to compare with")
    private @Nullable Path export;

    @Option(
            names = "--earlier",
            paramLabel = "FILE",
            description = "an export from position 1 that was made when OLD was signed or later, before the change")
    private @Nullable Path earlier;

    @Mixin
    private LogOption log = new LogOption();

    @Mixin
    private TrustOptions trust = new TrustOptions();

    @Mixin
    private TokenOption token = new TokenOption();

    @Mixin
    private AuditOutput output = new AuditOutput();

    @Override
    public Integer call() {
        List<String> urls = later.stream().filter(TlogClient::isUrl).toList();
        List<String> files =
                later.stream().filter(text -> !TlogClient.isUrl(text)).toList();
        if (urls.size() > 1 || files.size() > 1 || (export != null && !later.isEmpty())) {
            throw new ParameterException(
                    spec.commandLine(), "OLD is compared with one NEW, one URL, both, or --export");
        }
        return output.comparison(() -> {
            try (OldCheckpoint kept = OldCheckpoint.open(old, earlier, trust.trust(), output.progress())) {
                return compare(kept, urls, files);
            }
        });
    }

    private Comparison compare(OldCheckpoint kept, List<String> urls, List<String> files) throws IOException {
        if (export != null) {
            return kept.withExport(export);
        }
        if (later.isEmpty()) {
            try (OpenedLog opened = OpenedLog.existing(log.where())) {
                return kept.with(opened.log());
            }
        }
        TlogClient client = urls.isEmpty() ? null : TlogClient.of(urls.getFirst(), token.token());
        if (!files.isEmpty()) {
            return kept.with(SignedNote.parse(Files.readAllBytes(Path.of(files.getFirst()))), client);
        }
        return kept.with(Objects.requireNonNull(client));
    }
}
