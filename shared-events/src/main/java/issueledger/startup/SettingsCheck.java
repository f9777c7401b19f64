package issueledger.startup;

/** Validates the environment for {@code ./run} before it starts anything; needs no library. Exit codes: 0, or 1 with the reason. */
final class SettingsCheck {
    private SettingsCheck() {}

    public static void main(String[] arguments) {
        try {
            Settings.of(System.getenv());
        } catch (StartupFailure e) {
            System.err.println("Issue Ledger cannot start: " + e.getMessage());
            System.exit(1);
        }
    }
}
