package issueledger.bench.stock;

import java.util.Map;
import javax.sql.DataSource;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcEventStorageEngine;
import org.axonframework.eventsourcing.eventstore.jdbc.PostgresEventTableFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/** Starts with two arguments, the port and the JDBC URL; everything else has the defaults of Spring Boot and Axon. */
@SpringBootApplication
public class StockService {

    public static void main(String[] args) {
        System.setProperty("axoniq.update-checker.disabled", "true");
        System.setProperty("disable-axoniq-console-message", "true");
        SpringApplication application = new SpringApplication(StockService.class);
        application.setDefaultProperties(Map.of(
                "server.address", "127.0.0.1",
                "server.port", args[0],
                "spring.datasource.url", args[1],
                "axon.serializer.general", "jackson3",
                "axon.serializer.events", "jackson3",
                "axon.serializer.messages", "jackson3",
                "axon.update-check.disabled", "true"));
        application.run();
    }

    /** Axon looks for a data source and its transactions before Spring Boot 4 makes them: so they are made here, as it would. */
    @Bean
    DataSource dataSource(@Value("${spring.datasource.url}") String url) {
        return DataSourceBuilder.create().url(url).username("sa").password("").build();
    }

    @Bean
    PlatformTransactionManager transactionManager(DataSource dataSource) {
        return new JdbcTransactionManager(dataSource);
    }

    /** Of the tables that Axon brings, these are the ones that H2 2 understands and is fastest with: no BLOBs. */
    @Bean
    ApplicationRunner schema(EventStorageEngine engine) {
        return arguments -> ((JdbcEventStorageEngine) engine).createSchema(PostgresEventTableFactory.INSTANCE);
    }
}
