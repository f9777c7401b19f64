package issueledger.openapi;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;

/** Keeps springdoc out of the service's own context: it would add a second to each start, for what is read once in a while. */
final class SpringdocLater implements AutoConfigurationImportFilter {
    @Override
    public boolean[] match(@Nullable String[] configurations, AutoConfigurationMetadata metadata) {
        boolean[] wanted = new boolean[configurations.length];
        for (int i = 0; i < wanted.length; i++) {
            String name = configurations[i];
            wanted[i] = name == null || !name.startsWith("org.springdoc.");
        }
        return wanted;
    }
}
