package issueledger.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The token with which a service is asked. */
final class TokenOption {
    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "a bearer token of an auditor, where the service needs one; by default ISSUE_LEDGER_TOKEN")
    private @Nullable String token;

    @Nullable
    String token() {
        String given = token == null ? System.getenv("ISSUE_LEDGER_TOKEN") : token;
        return given == null || given.isBlank() ? null : given;
    }
}
