package issueledger.cli;

import issueledger.log.Unavailable;
import issueledger.log.mongo.UnusableDatabase;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The operator's commands. Exit codes: 0 done, 1 failed with the reason on standard error, 2 bad arguments. */
@Command(name = "./run", synopsisSubcommandLabel = "COMMAND")
public final class LedgerCli {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    LedgerCli() {}

    public static void main(String[] arguments) {
        System.setProperty("logback.configurationFile", "issueledger/cli/logback.xml");
        // Exits, since the MongoDB driver's threads would keep the process for a while.
        System.exit(new CommandLine(new LedgerCli()).execute(arguments));
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
