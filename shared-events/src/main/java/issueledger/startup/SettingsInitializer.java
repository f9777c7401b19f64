package issueledger.startup;

import com.mongodb.ConnectionString;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/** Validates the configuration before anything is opened, makes it the bean {@link Settings}, and logs where the service stands. */
final class SettingsInitializer implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    private static final Logger LOG = LoggerFactory.getLogger(SettingsInitializer.class);

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        ConfigurableEnvironment environment = context.getEnvironment();
        fillEmptyValues(environment);
        Settings settings = Settings.of(
                System.getenv().keySet(),
                variable -> environment.getProperty(variable.property()),
                List.of(environment.getActiveProfiles()));
        context.getBeanFactory().registerSingleton("settings", settings);
        LOG.info(
                "data: {}; tokens: {}; address: {} port {}; {}",
                store(settings),
                settings.hasTokens() ? "on" : "off",
                settings.bind(),
                environment.getProperty("server.port", "none"),
                Version.TEXT);
        StarterWatch.begin();
    }

    /** An empty variable counts as unset, for those too who read its property. */
    private static void fillEmptyValues(ConfigurableEnvironment environment) {
        Map<String, Object> filled = new HashMap<>();
        for (Variable variable : Variable.values()) {
            String value = environment.getProperty(variable.property(), "");
            if (value.isBlank() && !value.equals(variable.fallback())) {
                filled.put(variable.property(), variable.fallback());
            }
        }
        environment.getPropertySources().addFirst(new MapPropertySource("defaults of empty variables", filled));
    }

    private static String store(Settings settings) {
        if (!settings.isOnMongo()) {
            return settings.dataDirectory().toAbsolutePath().normalize() + " (SQLite)";
        }
        try {
            ConnectionString uri = new ConnectionString(settings.mongodbUri());
            return "database " + uri.getDatabase() + " at " + String.join(",", uri.getHosts()) + " (MongoDB)";
        } catch (IllegalArgumentException e) {
            return "MongoDB"; // Opening it says what is wrong.
        }
    }
}
