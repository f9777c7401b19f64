package issueledger.cli;

import issueledger.cli.evidence.EvidenceCommand;
import issueledger.events.Checks;
import issueledger.events.InvalidValue;
import issueledger.log.Erasure;
import issueledger.log.ErasureOrder;
import issueledger.log.ErasureRefused;
import issueledger.log.ErasureUnfinished;
import issueledger.log.Unavailable;
import issueledger.log.mongo.MongoDeployment;
import issueledger.log.mongo.MongoErasing;
import issueledger.log.mongo.UnusableDatabase;
import issueledger.log.sqlite.SqliteErasing;
import issueledger.startup.Settings;
import issueledger.startup.StartupFailure;
import issueledger.startup.Version;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The operator's commands and the auditor's. Exit codes: 0 done, 1 failed with the reason on standard error, 2 bad arguments; of the
 * auditor's 0 good, 1 not good, 2 could not tell.
 */
@Command(
        name = "./ledger",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            VerifyCommand.class,
            ConsistencyCommand.class,
            WatchCommand.class,
            WitnessCommand.class,
            NewKeyCommand.class,
            EvidenceCommand.class
        },
        description = "Works on a ledger's log, or verifies it from outside; COMMAND --help says how.",
        versionProvider = LedgerCli.OfThisBuild.class)
public final class LedgerCli {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = CommandLine.ScopeType.INHERIT,
            description = "prints this")
    @SuppressWarnings("UnusedVariable") // picocli sets it.
    private boolean help;

    @Option(names = "--version", versionHelp = true, description = "prints the version and the commit")
    @SuppressWarnings("UnusedVariable") // picocli sets it.
    private boolean version;

    LedgerCli() {}

    /** What {@code --version} prints. */
    static final class OfThisBuild implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"Issue Ledger: " + Version.TEXT};
        }
    }

    public static void main(String[] arguments) {
        System.setProperty("logback.configurationFile", "issueledger/cli/logback.xml");
        try {
            Settings.requireKnown(System.getenv().keySet());
        } catch (StartupFailure e) {
            System.err.println(e.getMessage());
            System.exit(CommandLine.ExitCode.USAGE);
        }
        // Exits, since the MongoDB driver's threads would keep the process for a while.
        System.exit(new CommandLine(new LedgerCli()).execute(arguments));
    }

    @Command(
            name = "erase",
            description =
                    "Erases the texts of one event, for ever. Its hash and every proof still hold. Stop all services"
                            + " first.")
    int erase(
            @Option(names = "--issue", required = true, paramLabel = "ID", description = "the issue's id") String issue,
            @Option(
                            names = "--version",
                            required = true,
                            paramLabel = "N",
                            description = "the version that the event made")
                    long version,
            @Option(names = "--reason", required = true, description = "why, one line; kept beside the log")
                    String reason,
            @Option(
                            names = "--by",
                            description = "who orders it, one line; by default the user that runs this",
                            defaultValue = "${sys:user.name}")
                    String by,
            @Option(names = "--metadata", description = "erase actor, reason and idempotency key too") boolean metadata,
            @Mixin LogOption log) {
        PrintWriter err = spec.commandLine().getErr();
        try {
            Checks checks = new Checks();
            String line = checks.line("--reason", reason);
            String name = checks.line("--by", by);
            checks.done();
            ErasureOrder order = new ErasureOrder(
                    issue, version, metadata, name, line, Instant.now().truncatedTo(ChronoUnit.MILLIS));
            Erasure erasure = erase(log.where(), order);
            spec.commandLine()
                    .getOut()
                    .println("The texts of version " + version + " of " + issue + ", position " + erasure.position()
                            + ", are erased" + (metadata ? ", actor and reason too." : "."));
            return CommandLine.ExitCode.OK;
        } catch (InvalidValue e) {
            e.offences().forEach(offence -> err.println(offence.pointer() + " " + offence.detail()));
            return CommandLine.ExitCode.USAGE;
        } catch (ErasureUnfinished e) {
            err.println("The erasure is not finished: " + e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        } catch (ErasureRefused | Unavailable | UnusableDatabase e) {
            err.println("Nothing was erased: " + e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    private static Erasure erase(String log, ErasureOrder order) {
        if (!OpenedLog.isMongo(log)) {
            Path file = Path.of(log);
            if (!Files.exists(file)) {
                throw new ErasureRefused(log + " is not there");
            }
            return SqliteErasing.erase(file, order);
        }
        try (MongoDeployment deployment = MongoDeployment.open(log)) {
            return MongoErasing.erase(deployment, order);
        }
    }

    @Command(name = "backup", description = "Writes the log into a new data file while services run, and verifies it.")
    int backUp(
            @Parameters(paramLabel = "FILE", description = "the data file to write, which must not be there")
                    String file,
            @Mixin LogOption log) {
        return asked(file, "The log cannot be backed up: ", to -> new BackUp(System.out).backUp(log.where(), to));
    }

    @Command(
            name = "restore",
            description = "Makes a log of a back-up where there is none, and verifies it; safe to rerun. Stop all"
                    + " services first.")
    int restore(
            @Parameters(paramLabel = "FILE", description = "the data file that ./ledger backup made") String file,
            @Mixin LogOption log) {
        return asked(file, "The log cannot be restored: ", from -> new BackUp(System.out).restore(from, log.where()));
    }

    private int asked(String file, String failure, Consumer<Path> work) {
        PrintWriter err = spec.commandLine().getErr();
        if (OpenedLog.isMongo(file)) {
            err.println("FILE must be a file; ./ledger copy-log copies between databases");
            return CommandLine.ExitCode.USAGE;
        }
        try {
            work.accept(Path.of(file));
            return CommandLine.ExitCode.OK;
        } catch (Unavailable | UnusableDatabase | ErasureRefused e) {
            err.println(failure + e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    @Command(
            name = "copy-log",
            description = "Copies a log between a data file and MongoDB, either way; safe to rerun.")
    int copyLog(
            @Parameters(
                            paramLabel = "FROM",
                            description = "a data file such as data/events.db, or a MongoDB connection string with a"
                                    + " database's name")
                    String from,
            @Parameters(paramLabel = "TO", description = "the same, empty or holding the beginning of the log")
                    String to) {
        PrintWriter err = spec.commandLine().getErr();
        try {
            CopyLog.copy(from, to, System.out);
            return CommandLine.ExitCode.OK;
        } catch (Unavailable | UnusableDatabase e) {
            err.println("The log cannot be copied: " + e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
    }
}
