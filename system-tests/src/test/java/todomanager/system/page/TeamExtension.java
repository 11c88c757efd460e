package todomanager.system.page;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Gives a test its [Team]. One browser serves all classes, and the services serve one class.
public class TeamExtension implements BeforeAllCallback, ParameterResolver, AfterEachCallback {
    private static final Namespace OURS = Namespace.create(TeamExtension.class);

    /// Here and not as a test asks for its team, which could not be skipped any more.
    @Override
    public void beforeAll(ExtensionContext tests) {
        chromium(tests);
        services(tests);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
        return parameter.getParameter().getType() == Team.class;
    }

    @Override
    public Team resolveParameter(ParameterContext parameter, ExtensionContext test) {
        return team(test);
    }

    @Override
    public void afterEach(ExtensionContext test) {
        team(test).end();
    }

    private static Chromium chromium(ExtensionContext context) {
        return context.getRoot()
                .getStore(OURS)
                .computeIfAbsent(Chromium.class, _ -> Chromium.start(), Chromium.class);
    }

    /// Starts what serves a class of tests.
    protected Services start(ExtensionContext tests) {
        return Services.start();
    }

    protected final Services services(ExtensionContext tests) {
        return tests.getStore(OURS)
                .computeIfAbsent(Services.class, _ -> start(tests), Services.class);
    }

    private Team team(ExtensionContext test) {
        return test.getStore(OURS)
                .computeIfAbsent(
                        Team.class,
                        _ -> new Team(services(test), chromium(test).browser()),
                        Team.class);
    }
}
