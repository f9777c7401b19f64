package issueledger.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests that don't mind each other one running ledger, since a start takes seconds. */
final class SharedLedger implements ParameterResolver {

    private record Running(Path folder, Ledger ledger) implements AutoCloseable {
        static Running start() {
            try {
                Path folder = Files.createTempDirectory("shared-ledger-");
                return new Running(folder, Ledger.start(folder.resolve("data")).heldToItsDocuments());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() throws IOException {
            ledger.close();
            List<Path> deepestFirst;
            try (Stream<Path> all = Files.walk(folder)) {
                deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path path : deepestFirst) {
                Files.delete(path);
            }
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Ledger.class;
    }

    @Override
    public Ledger resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(Namespace.create(SharedLedger.class))
                .computeIfAbsent(Running.class, key -> Running.start(), Running.class)
                .ledger();
    }
}
