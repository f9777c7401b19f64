package issueledger.cli;

import issueledger.auditing.Comparison;
import issueledger.auditing.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Prints an auditor's answer, for people or for programs, and makes it the exit code. */
final class AuditOutput extends CommandOutput {
    @Option(names = "--json", description = "prints one JSON document a line instead of text")
    private boolean json;

    int verdict(Work<Verdict> work) {
        return run(() -> {
            Verdict verdict = work.run();
            print(json ? verdict.json() + "\n" : verdict.text());
            return verdict.answer().exitCode();
        });
    }

    int comparison(Work<Comparison> work) {
        return run(() -> {
            Comparison comparison = work.run();
            say(comparison);
            return comparison.answer().exitCode();
        });
    }

    /** Nothing can be told. */
    @Override
    int failed(String why) {
        Comparison comparison = Comparison.cannotTell(why);
        if (json) {
            say(comparison);
        } else {
            err().println(comparison.text());
        }
        return comparison.answer().exitCode();
    }

    void say(Comparison comparison) {
        print((json ? comparison.json() : comparison.text()) + "\n");
    }

    boolean isJson() {
        return json;
    }

    /** @param file {@code -} for standard input */
    static byte[] read(String file) throws IOException {
        return file.equals("-") ? System.in.readAllBytes() : Files.readAllBytes(Path.of(file));
    }
}
