package issueledger.startup;

import java.util.Arrays;
import java.util.Locale;

/** The environment variables of the product; docs/api.md, "Configuration", says what each means. */
public enum Variable {
    DATA_DIR("./data"),
    MONGODB_URI(""),
    COMMAND_PORT("8080"),
    QUERY_PORT("8081"),
    BIND("127.0.0.1"),
    ORIGIN(""),
    SIGNING_KEY(""),
    MLDSA_KEY(""),
    CHECKPOINT_FILE(""),
    WITNESSES(""),
    TLOG_PUBLIC("false"),
    QUERY_URL(""),
    COMMAND_URL(""),
    HEAP_MB("1152"),
    JAVA_OPTIONS(""),
    DISK_MB("1024"),
    TRUSTED_PROXIES(""),
    COMMAND_LOG("false"),
    REFUSALS_DAYS("90"),
    JWT_ISSUER(""),
    JWK_SET_URI(""),
    JWT_AUDIENCE(""),
    ROLES_CLAIM("roles"),
    ALLOW_UNAUTHENTICATED("false"),
    /** Read by {@code ./ledger}, for its requests to a service. */
    TOKEN(""),
    /** Set by {@code ./run --demo}, and in no table. */
    DEMO("false");

    static final String PREFIX = "ISSUE_LEDGER_";

    /** Names that begin so are the tests' own. */
    private static final String OF_TESTS = PREFIX + "TEST_";

    private final String fallback;

    Variable(String fallback) {
        this.fallback = fallback;
    }

    public String variable() {
        return PREFIX + name();
    }

    /** The value where the variable is unset or empty. */
    String fallback() {
        return fallback;
    }

    /** The name of its Spring property. */
    String property() {
        return "issue-ledger." + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** True for a name that this product should know and does not. */
    static boolean isUnknown(String name) {
        return name.startsWith(PREFIX)
                && !name.startsWith(OF_TESTS)
                && Arrays.stream(values()).noneMatch(known -> known.variable().equals(name));
    }

    /** The documented name that differs in the fewest characters. */
    static String nearest(String name) {
        return Nearest.of(
                name,
                Arrays.stream(values())
                        .filter(known -> known != DEMO)
                        .map(Variable::variable)
                        .toList());
    }
}
