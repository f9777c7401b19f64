package issueledger.startup;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Properties;

/** The version and the git commit that the program was built from. */
public final class Version {
    /** Such as {@code 0.1.0}; {@code development} where classes run that no build packaged. */
    public static final String NUMBER = property("build.version", "development");

    /** The commit's abbreviated hash; {@code unknown} where the sources were not in a git repository. */
    public static final String COMMIT = property("build.commit", "unknown");

    public static final String TEXT = "version " + NUMBER + ", commit " + COMMIT;

    private Version() {}

    /** The version with the commit as build metadata (semver.org, section 10). */
    public static String full() {
        return COMMIT.equals("unknown") ? NUMBER : NUMBER + "+" + COMMIT;
    }

    /** True if a program is asked for its version alone. */
    public static boolean isAskedFor(String[] arguments) {
        return Arrays.asList(arguments).contains("--version");
    }

    private static String property(String name, String fallback) {
        try (InputStream in = Version.class.getResourceAsStream("/META-INF/build-info.properties")) {
            Properties properties = new Properties();
            if (in != null) {
                properties.load(in);
            }
            String value = properties.getProperty(name, fallback);
            return value.startsWith("${") ? fallback : value; // Maven knew no commit.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
