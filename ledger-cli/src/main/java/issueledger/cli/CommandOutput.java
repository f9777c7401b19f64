package issueledger.cli;

import issueledger.auditing.Progress;
import issueledger.auditing.UnreadableInput;
import issueledger.log.Unavailable;
import issueledger.log.mongo.UnusableDatabase;
import issueledger.proof.MalformedProof;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints what a command says, and its failure as one sentence with exit code 2. */
@Command
class CommandOutput {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    /** Work that may meet input that cannot be read. */
    interface Work<T> {
        T run() throws IOException;
    }

    int run(Work<Integer> work) {
        try {
            return work.run();
        } catch (NoSuchFileException e) {
            return failed(e.getFile() + " is not there");
        } catch (UnreadableInput | MalformedProof | Unavailable | UnusableDatabase e) {
            return failed(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return failed(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    int failed(String why) {
        err().println(why);
        return 2;
    }

    void print(String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(text);
        out.flush();
    }

    PrintWriter err() {
        return spec.commandLine().getErr();
    }

    Progress progress() {
        return new Progress(err());
    }
}
